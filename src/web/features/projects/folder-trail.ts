export interface Crumb {
  name: string
  /** Null: the list of roots. */
  path: string | null
}

/**
 * The way from a root down to a folder. `roots` are the folders at which the server lets a person begin; where there
 * is more than one, the trail starts at their list.
 */
export function folderTrail(path: string | null, roots: readonly string[], rootsName: string): Crumb[] {
  const start: Crumb[] = roots.length === 1 && path !== null ? [] : [{ name: rootsName, path: null }]
  if (path === null) return start
  const separator = path.includes('/') ? '/' : '\\'
  const root = rootOf(path, roots, separator)
  const below = path.slice(root.length).split(separator).filter(Boolean)
  const crumbs = below.map((name, depth) => ({ name, path: joined(root, below.slice(0, depth + 1), separator) }))
  return [...start, { name: folderName(root), path: root }, ...crumbs]
}

/** The last part of a path, or all of it where it is a root of the file system. */
export function folderName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path
}

function rootOf(path: string, roots: readonly string[], separator: string): string {
  const holding = roots.filter((root) => path === root || path.startsWith(root.endsWith(separator) ? root : root + separator))
  return holding.sort((a, b) => b.length - a.length)[0] ?? path
}

function joined(root: string, names: readonly string[], separator: string): string {
  return (root.endsWith(separator) ? root : root + separator) + names.join(separator)
}
