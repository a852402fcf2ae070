import { readlink, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, sep } from 'node:path'

/** As many as the kernel follows. */
const MAX_LINKS = 40

/**
 * The real path of something that may not exist yet. Links are followed as the kernel does, also those that lead to
 * nothing so far: whoever writes through one makes its target.
 * @throws TypeError for a relative path, Error for a loop of links and for what cannot be looked at
 */
export async function resolveThroughLinks(path: string): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) throw new TypeError('The path must be absolute and must not hold a NUL')
  const { root } = parse(path)
  const segments = segmentsOf(path.slice(root.length))
  // The kernel is asked first, which takes one call; what is to be made lies in a folder that mostly exists.
  for (const missing of [0, 1]) {
    const end = segments.length - missing
    const known = end > 0 ? await realPathOf(root + segments.slice(0, end).join(sep)) : null
    if (known !== null) return missing === 0 ? known : follow(known, segments.slice(end), path)
  }
  return follow(root, segments, path)
}

/** Follows `segments` from a real path, one by one. */
async function follow(from: string, segments: readonly string[], path: string): Promise<string> {
  const ahead = segments.toReversed()
  let real = from
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.pop() ?? ''
    if (name === '..') {
      real = dirname(real)
      continue
    }
    const entry = join(real, name)
    const target = await linkTarget(entry)
    if (target === null) {
      real = entry
      continue
    }
    links += 1
    if (links > MAX_LINKS) throw new Error(`ELOOP: too many links on the way to ${path}`)
    if (isAbsolute(target)) real = parse(target).root
    ahead.push(...segmentsOf(target).reverse())
  }
  return real
}

/** Whether `path` is `root` or lies below it, by whole segments. Both are real paths. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function segmentsOf(path: string): string[] {
  return path.split(sep).filter((segment) => segment !== '' && segment !== '.')
}

/** Null for what does not exist or cannot be looked at as a whole, which the walk tells apart. */
async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch {
    return null
  }
}

/** Where a link leads; null for what is no link or does not exist. */
async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOENT')) return null
    throw error
  }
}
