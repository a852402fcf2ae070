import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

const MAX_FOLDERS = 8
/** `cd a && cd b`. */
const ROUNDS = 2

/**
 * The folders in which relative paths of a command may begin: its own, and those that it names, since `cd x`, `make -C x`
 * and `npm --prefix x` all go there. The first eight, where there are more.
 */
export async function possibleFolders(cwd: string, names: readonly string[]): Promise<string[]> {
  const folders = [cwd]
  let newest = [cwd]
  for (let round = 0; round < ROUNDS; round += 1) {
    const found: string[] = []
    for (const folder of newest) {
      const paths = [...new Set(names.map((name) => resolve(folder, name)))].filter((path) => !folders.includes(path))
      const areFolders = await Promise.all(paths.map(isFolder))
      found.push(...paths.filter((_, index) => areFolders[index]))
      folders.push(...paths.filter((_, index) => areFolders[index]))
      if (folders.length >= MAX_FOLDERS) return folders.slice(0, MAX_FOLDERS)
    }
    newest = found
  }
  return folders
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
