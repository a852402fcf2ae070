/** Where a file of the build lies: below the path that the server is hosted under. */
const BUILT = /^(.*)\/assets\/[^/]+$/

/** The path of the host name below which the server is found, as in `/code`; empty where it has the name to itself. */
export const BASE_PATH = basePathOf(import.meta.url)

/** @param moduleUrl address of one of the built files */
export function basePathOf(moduleUrl: string): string {
  return BUILT.exec(new URL(moduleUrl).pathname)?.[1] ?? ''
}

/** The product's own picture: a file without a hash in its name. */
export const ICON = `${BASE_PATH}/favicon.svg`

/** Where the app begins, for links that are handed to somebody, as in `https://host.example/code`. */
export function appAddress(): string {
  return location.origin + BASE_PATH
}
