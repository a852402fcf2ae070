/*
 * A cookie without a secret that tells the server which page to send: the app or the small sign-in page.
 * What proves a login is the HttpOnly refresh cookie; this one proves nothing.
 */

const NAME = 'acu_signed_in'

export function setSignedInMarker(): void {
  document.cookie = `${NAME}=1; Path=/; SameSite=Strict; Max-Age=2592000`
}

export function clearSignedInMarker(): void {
  document.cookie = `${NAME}=; Path=/; SameSite=Strict; Max-Age=0`
}
