const STORAGE_KEY = 'acu-continued-at'
const LOOP_MS = 10_000

/** Goes on to the page that was asked for, at the address the person is at already. */
export function continueToApp(): void {
  const here = location.pathname + location.search
  location.replace(here === '/sign-in' || here === '/setup' ? '/' : here)
}

/** Like {@link continueToApp}, but false where that was just tried and led back here. */
export function continueUnlessJustTried(): boolean {
  if (wasJustTried()) return false
  continueToApp()
  return true
}

function wasJustTried(): boolean {
  try {
    const lastMs = Number(sessionStorage.getItem(STORAGE_KEY) ?? 0)
    sessionStorage.setItem(STORAGE_KEY, String(Date.now()))
    return Date.now() - lastMs < LOOP_MS
  } catch {
    // Blocked storage: rather a form too many than a loop.
    return true
  }
}
