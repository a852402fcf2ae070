const LOOP_MS = 10_000

/** Whether this tab asked the same a moment ago: what is tried again and again by itself leads nowhere. Notes that it was asked now. */
export function wasJustTried(storageKey: string): boolean {
  try {
    const lastMs = Number(sessionStorage.getItem(storageKey) ?? 0)
    sessionStorage.setItem(storageKey, String(Date.now()))
    return Date.now() - lastMs < LOOP_MS
  } catch {
    // Blocked storage: rather a form too many than a loop.
    return true
  }
}
