import { randomText } from './random-text.ts'

/*
 * The second half of the refresh cookie. Browsers give cookies to every port of this host name, so that other programs there
 * may see ours; what a page stores they give to its own origin alone. The server answers to the cookie only with the half it
 * was made for. Tabs share it, and it goes with what else a sign-out removes.
 */

const STORAGE_KEY = 'acu-refresh-binding'
const BYTES = 32

/** The half, made where there is none; null where the browser stores nothing, and the cookie has to do alone. */
export function refreshBinding(): string | null {
  try {
    if (!isHalf(localStorage.getItem(STORAGE_KEY))) localStorage.setItem(STORAGE_KEY, randomText(BYTES))
    // Read back: another tab may have made one at the same moment, and the last one written is the one that counts.
    const half = localStorage.getItem(STORAGE_KEY)
    return isHalf(half) ? half : null
  } catch {
    return null
  }
}

function isHalf(text: string | null): text is string {
  return text !== null && /^[\w-]{43}$/.test(text)
}
