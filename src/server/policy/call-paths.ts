import { isAbsolute, normalize, sep } from 'node:path'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import { foldedName } from './folded-name.ts'
import { controlFault, secretFault } from './protected-paths.ts'

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
  strict: readonly PathName[]
  /** Every name that it may go by, without regard to case, for patterns of rules that ask or deny. */
  loose: readonly PathName[]
}

/** A path in segments: whole, and from the project's folder where it lies below it. */
export interface PathName {
  whole: readonly string[]
  below: readonly string[] | null
}

export interface Place {
  /** Real path of the project. */
  root: string
  /** The project's folder as it is written. */
  project: string
  /** Where relative paths begin. */
  cwd: string
  /** Real path of the product's own data folder. */
  data: string
}

export async function lookUp(path: string, access: CallPath['access'], place: Place): Promise<CallPath> {
  // Not normalised: `link/..` is the parent of where the link leads.
  const given = isAbsolute(path) ? path : `${place.cwd}/${path}`
  const real = await resolveThroughLinks(given).catch(() => null)
  const loose = [given, ...(real === null ? [] : [real])].flatMap((name) => looseNames(name, place))
  // What cannot be resolved cannot be vouched for.
  if (real === null) return { access, given, real, isInside: false, fault: null, strict: [], loose }
  const isOwn = isWithin(place.data, real)
  const fault = access === 'read' ? (secretFault(real) ?? secretFault(given)) : (controlFault(real) ?? controlFault(given))
  return {
    access,
    given,
    real,
    isInside: isWithin(place.root, real) && !isOwn,
    fault: isOwn ? 'is part of AI Code UI itself' : fault,
    strict: [nameOf(real, place.root)],
    loose,
  }
}

function looseNames(path: string, { root, project }: Place): PathName[] {
  const folded = foldedName(normalize(path))
  return [root, project].map((folder) => nameOf(folded, foldedName(normalize(folder))))
}

function nameOf(path: string, root: string): PathName {
  return { whole: segmentsOf(path), below: isWithin(root, path) ? segmentsOf(path.slice(root.length)) : null }
}

export function segmentsOf(path: string): string[] {
  return path.split(sep).filter((segment) => segment !== '' && segment !== '.')
}
