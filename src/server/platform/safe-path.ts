import { readlink } from 'node:fs/promises'
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
  const ahead = segmentsOf(path.slice(root.length))
  let real = root
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
    ahead.push(...segmentsOf(target))
  }
  return real
}

/** Whether `path` is `root` or lies below it, by whole segments. Both are real paths. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** The segments in reverse, so that the next one is at the end. */
function segmentsOf(path: string): string[] {
  return path
    .split(sep)
    .filter((segment) => segment !== '' && segment !== '.')
    .reverse()
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
