import { normalize } from 'node:path'
import type { CallPath, PathName } from './call-paths.ts'
import { foldedName } from './folded-name.ts'
import { fitsSegments, type Glob, readGlob } from './glob.ts'
import { withoutTilde } from './protected-paths.ts'

/** A glob of paths as a rule names it, read once. */
export interface PathPattern {
  /** `above`: one that climbs out of the project, compared with whole paths after the project's. */
  kind: 'whole' | 'below' | 'above'
  /** How many folders it climbs. */
  climbs: number
  strict: Glob
  /** Folded, and with all that lies below. */
  loose: Glob
}

export function readPath(pattern: string): PathPattern {
  const plain = normalize(withoutTilde(pattern))
  // A folder stands for what is in it.
  const segments = [...plain.split('/').filter((segment) => segment !== '' && segment !== '.'), ...(plain.endsWith('/') ? ['**'] : [])]
  const climbs = plain.startsWith('/') ? 0 : segments.findIndex((segment) => segment !== '..')
  const count = climbs < 0 ? segments.length : climbs
  const rest = segments.slice(count).join('/')
  return {
    kind: plain.startsWith('/') ? 'whole' : count > 0 ? 'above' : 'below',
    climbs: count,
    strict: globOf(rest),
    loose: [...globOf(foldedName(rest)), { kind: 'any' }],
  }
}

function globOf(text: string): Glob {
  return text === '' ? [] : readGlob(text)
}

/** Whether the path really leads to where the pattern says. */
export function fitsStrictly({ kind, climbs, strict }: PathPattern, { strict: name }: CallPath): boolean {
  return name !== null && fitsName({ kind, climbs, glob: strict }, name)
}

/** Whether a name that the path goes by, or a folder on its way, may be what the pattern says. */
export function fitsLoosely({ kind, climbs, loose }: PathPattern, { loose: names }: CallPath): boolean {
  return names.some((name) => fitsName({ kind, climbs, glob: loose }, name))
}

function fitsName(
  { kind, climbs, glob }: { kind: PathPattern['kind']; climbs: number; glob: Glob },
  { whole, below, root }: PathName,
): boolean {
  if (kind === 'below') return below !== null && fitsSegments(glob, below)
  if (kind === 'whole') return fitsSegments(glob, whole)
  const base = root.slice(0, Math.max(0, root.length - climbs))
  return base.every((segment, index) => segment === whole[index]) && fitsSegments(glob, whole, base.length)
}
