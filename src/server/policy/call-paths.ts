import { isAbsolute, normalize, sep } from 'node:path'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import { foldedName } from './folded-name.ts'
import { belowFolder, controlFault, secretFault } from './protected-paths.ts'

/** A path that a call names, with where it really leads. */
export interface CallPath {
  access: 'read' | 'write'
  /** As the call names it, made absolute. */
  given: string
  /** Through links; null where that cannot be told. */
  real: string | null
  /** Whether it leads to inside the project. */
  isInside: boolean
  /** What is special about it, as the end of a sentence; null for an ordinary one. */
  fault: string | null
  /** Where it really leads, for patterns of rules that allow. */
  strict: PathName | null
  /** Every name that it goes by, folded, for patterns of rules that ask or deny. */
  loose: readonly PathName[]
}

/** The segments of a path, and of what follows the project's folder where it lies there. */
export interface PathName {
  whole: readonly string[]
  below: readonly string[] | null
  /** The segments of the project's folder. */
  root: readonly string[]
}

/** Where a call is made. */
export interface Place {
  /** The project's folder: as it is written, and through links. Null where that cannot be told. */
  project: string
  root: string | null
  /** Where relative paths begin. */
  cwd: string
  /** Real path of the product's own data folder. */
  data: string | null
}

export async function placeOf(project: string, cwd: string, dataDirectory: string): Promise<Place> {
  const [root, data] = await Promise.all([project, dataDirectory].map((path) => resolveThroughLinks(path).catch(() => null)))
  return { project, root: root ?? null, cwd, data: data ?? null }
}

export async function lookUp(path: string, access: CallPath['access'], place: Place): Promise<CallPath> {
  // Not normalised: `link/..` is the parent of where the link leads.
  const given = isAbsolute(path) ? path : `${place.cwd}/${path}`
  const real = await resolveThroughLinks(given).catch(() => null)
  const names = real === null || real === given ? [given] : [given, real]
  const loose = names.flatMap((name) => looseNames(name, place))
  const { root, data } = place
  // What cannot be resolved cannot be vouched for.
  if (real === null || root === null) return { access, given, real, isInside: false, fault: null, strict: null, loose }
  const isOwn = data === null || isWithin(data, real)
  const fault = isOwn ? 'is part of AI Code UI itself' : faultOf(access, [belowFolder(real, root), belowFolder(given, place.project)])
  return { access, given, real, isInside: isWithin(root, real) && !isOwn, fault, strict: nameOf(real, root), loose }
}

function faultOf(access: CallPath['access'], names: readonly string[]): string | null {
  const fault = access === 'read' ? secretFault : controlFault
  return names.map(fault).find((found) => found !== null) ?? null
}

function looseNames(path: string, { root, project }: Place): PathName[] {
  const folded = foldedName(normalize(path))
  const folders = root === null || root === project ? [project] : [project, root]
  return folders.map((folder) => nameOf(folded, foldedName(normalize(folder))))
}

function nameOf(path: string, root: string): PathName {
  const below = path === root ? [] : segmentsOf(path.slice(root.length))
  return { whole: segmentsOf(path), below: isWithin(root, path) ? below : null, root: segmentsOf(root) }
}

/** What stands between the separators; nothing for what is empty. */
export function segmentsOf(path: string): string[] {
  return path.split(sep).filter((segment) => segment !== '')
}
