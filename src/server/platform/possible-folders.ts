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
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of folders.flatMap((folder) => names.map((name) => resolve(folder, name)))) {
      if (folders.length >= MAX_FOLDERS) return folders
      if (!folders.includes(path) && (await isFolder(path))) folders.push(path)
    }
  }
  return folders
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
