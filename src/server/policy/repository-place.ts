import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isWithin } from '../platform/safe-path.ts'

/**
 * Whether git, run in a folder of a project, would obey another repository than the project's own: one that lies between
 * the two. Such a one may have come with the files, settings and all, when it is a bare one.
 * @param folder real path
 * @param root real path of the project
 */
export async function isInOtherRepository(folder: string, root: string): Promise<boolean> {
  if (!isWithin(root, folder)) return true
  for (let at = folder; at !== root; at = dirname(at)) if (await isRepository(at)) return true
  return false
}

/** Whether git would take the name of a remote for a folder, whose hooks it would run; one that it knows as a remote, too. */
export function isFolderRemote(remote: string, cwd: string): Promise<boolean> {
  return exists(join(cwd, remote))
}

async function isRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, '.git'))) return true
  return (await exists(join(folder, 'HEAD'))) && (await exists(join(folder, 'objects')))
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')),
  )
}
