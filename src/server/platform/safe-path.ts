import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

/**
 * The real path of something that may not exist yet: links are followed up to the deepest parent that exists.
 * @throws Error of node:fs for anything but a missing entry, such as a loop of links
 */
export async function resolveThroughLinks(path: string): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) throw new TypeError('The path must be absolute and must not hold a NUL')
  const missing: string[] = []
  let existing = path
  for (;;) {
    try {
      return join(await realpath(existing), ...missing)
    } catch (error) {
      if (!isMissing(error) || dirname(existing) === existing) throw error
      missing.unshift(basename(existing))
      existing = dirname(existing)
    }
  }
}

/** Whether `path` is `root` or lies below it, by whole segments. Both are real paths. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
