const STORAGE_KEY = 'acu-continued-at'
const LOOP_MS = 10_000

/**
 * Goes on to the page that was asked for, at the address the person is at already. False where that was just tried
 * and led back here: the browser keeps no cookies then.
 */
export function continueToApp(): boolean {
  if (wasJustTried()) return false
  const here = location.pathname + location.search
  location.replace(here === '/sign-in' || here === '/setup' ? '/' : here)
  return true
}

function wasJustTried(): boolean {
  const lastMs = Number(sessionStorage.getItem(STORAGE_KEY) ?? 0)
  sessionStorage.setItem(STORAGE_KEY, String(Date.now()))
  return Date.now() - lastMs < LOOP_MS
}
