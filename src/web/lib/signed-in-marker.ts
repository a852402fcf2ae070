import { PLATFORM_MARKER } from '#protocol/auth'
import { BASE_PATH } from './base-path.ts'

/*
 * A cookie without a secret that tells the server which page to send: the app or the small sign-in page. The server
 * sets it with a login, under a name of its own; what proves a login is the HttpOnly refresh cookie.
 */

const PREFIX = 'acu_signed_in'

/** Whether the marker is there: right after a login that means whether the browser keeps cookies. */
export function hasSignedInMarker(): boolean {
  return document.cookie.split(/;\s*/).some((pair) => pair.startsWith(PREFIX))
}

/** Marks the browser where nobody signs in, once it may ask the server. */
export function setPlatformMarker(): void {
  document.cookie = `${PLATFORM_MARKER}=1; Path=${BASE_PATH || '/'}; SameSite=Strict`
}

/** Takes the marker away, so that the next page is the sign-in page even when the server cannot be reached to say so. */
export function clearSignedInMarker(): void {
  for (const pair of document.cookie.split(/;\s*/)) {
    const [name = ''] = pair.split('=', 1)
    if (name.startsWith(PREFIX)) document.cookie = `${name}=; Path=${BASE_PATH || '/'}; SameSite=Strict; Max-Age=0`
  }
}
