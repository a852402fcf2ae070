const STORAGE_KEY = 'acu-login-end'

/** `refresh-reused`: its refresh token came twice. `ended`: expired, signed out elsewhere, password or role changed. */
export type LoginEnd = 'refresh-reused' | 'ended'

/** Has the sign-in page of this tab say how the login ended. */
export function noteLoginEnd(end: LoginEnd): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, end)
  } catch {
    // Blocked storage: the page asks for a login without saying why.
  }
}

/** How the last login of this tab ended; once. */
export function takeLoginEnd(): LoginEnd | null {
  try {
    const end = sessionStorage.getItem(STORAGE_KEY)
    sessionStorage.removeItem(STORAGE_KEY)
    return end === 'refresh-reused' || end === 'ended' ? end : null
  } catch {
    return null
  }
}
