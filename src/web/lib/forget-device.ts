/** What of ours outlives a sign-out: how this screen looks, and the server's own key, without which nobody can sign in again. */
const KEPT = ['acu-theme', 'acu-access-key']

/** Takes away what the pages of whoever signs out left in this browser (ASVS 14.3.1). */
export function forgetDevice(): void {
  try {
    for (const storage of [localStorage, sessionStorage]) forgetIn(storage)
  } catch {
    // Blocked storage holds nothing.
  }
}

function forgetIn(storage: Storage): void {
  const ours = Object.keys(storage).filter((key) => key.startsWith('acu-') && !KEPT.includes(key))
  for (const key of ours) storage.removeItem(key)
}
