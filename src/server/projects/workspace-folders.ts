import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { FolderListing } from '#protocol/projects'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import { HoldsOwnDataError, NotAFolderError, OutsideWorkspacesError } from './project-errors.ts'

const MAX_FOLDERS = 1000

/** The folders under which a project may live. */
export class WorkspaceFolders {
  readonly #roots: readonly string[]
  /** Never a project nor listed: the product's own data. */
  readonly #forbidden: string

  constructor(roots: readonly string[], dataDirectory: string) {
    this.#roots = roots
    this.#forbidden = dataDirectory
  }

  /**
   * The real path of a folder that may be a project.
   * @throws NotAFolderError | OutsideWorkspacesError
   */
  async resolve(path: string): Promise<string> {
    if (!isAbsolute(path) || path.includes('\0')) throw new NotAFolderError('path')
    // Both refusals look at the real path, so that no link leads out; what does not exist is told as such only inside.
    const real = await resolveThroughLinks(path).catch(() => null)
    const roots = await this.#realRoots()
    if (real === null || !roots.some((root) => isWithin(root, real))) throw new OutsideWorkspacesError(this.#roots)
    if (!(await isFolder(real))) throw new NotAFolderError('path')
    const forbidden = await realpath(this.#forbidden).catch(() => this.#forbidden)
    if (isWithin(forbidden, real)) throw new OutsideWorkspacesError(this.#roots)
    return real
  }

  /**
   * The real path of a folder that may become a project: unlike one that is only listed, it must not hold the product's
   * own data, or every agent in it would have the keys among its files.
   * @throws NotAFolderError | OutsideWorkspacesError | HoldsOwnDataError
   */
  async resolveProject(path: string): Promise<string> {
    const real = await this.resolve(path)
    const forbidden = await resolveThroughLinks(this.#forbidden)
    if (isWithin(real, forbidden)) throw new HoldsOwnDataError(this.#forbidden)
    return real
  }

  /**
   * The folders in `path`, or the roots for null. Hidden ones are left out.
   * @throws NotAFolderError | OutsideWorkspacesError
   */
  async list(path: string | null): Promise<FolderListing> {
    const roots = await this.#realRoots()
    if (path === null) {
      const folders = await Promise.all(roots.map((root) => describeFolder(root, root)))
      return { path: null, parent: null, folders, truncated: false }
    }
    const real = await this.resolve(path)
    const entries = await readdir(real, { withFileTypes: true }).catch(() => {
      throw new NotAFolderError('path')
    })
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b))
    const folders = await Promise.all(names.slice(0, MAX_FOLDERS).map((name) => describeFolder(name, join(real, name))))
    return { path: real, parent: roots.includes(real) ? null : dirname(real), folders, truncated: names.length > MAX_FOLDERS }
  }

  /**
   * Whether a project's folder is where it was when it was added: not replaced by a link, and still under a root.
   * @throws OutsideWorkspacesError | NotAFolderError
   */
  async isUnmoved(path: string): Promise<boolean> {
    return (await this.resolve(path)) === path
  }

  async #realRoots(): Promise<string[]> {
    return Promise.all(this.#roots.map((root) => realpath(root).catch(() => root)))
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

async function describeFolder(name: string, path: string): Promise<FolderListing['folders'][number]> {
  const isGitRepository = await stat(join(path, '.git')).then(
    () => true,
    () => false,
  )
  return { name: isAbsolute(name) ? name : basename(name), path, isGitRepository }
}
