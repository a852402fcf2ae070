import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Looked at in one run, at most: agents' transcripts can be many. */
const MOST_FILES = 5000

export interface SeenFile {
  path: string
  stats: Stats
}

/** Whether anybody but the owner may do anything with it. */
export function isOpenToOthers({ stats }: SeenFile): boolean {
  return !stats.isSymbolicLink() && (stats.mode & 0o077) !== 0
}

/** As in `0644`. */
export function modeText({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

/** A file by its own name, links not followed; null where there is none. @throws Error of node:fs where it may not be looked at */
export async function seeFile(path: string): Promise<SeenFile | null> {
  try {
    return { path, stats: await lstat(path) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** A folder and all below it, as far as there are not too many. @throws Error of node:fs where a folder may not be read */
export async function seeBelow(folder: string): Promise<{ files: SeenFile[]; isWhole: boolean }> {
  const files: SeenFile[] = []
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const seen = await seeFile(next)
    if (seen === null) continue
    files.push(seen)
    if (files.length >= MOST_FILES) return { files, isWhole: false }
    if (seen.stats.isDirectory()) for (const name of await readdir(next)) folders.push(join(next, name))
  }
  return { files, isWhole: true }
}

/** The folders above, up to the root. */
export function foldersAbove(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...foldersAbove(parent)]
}
