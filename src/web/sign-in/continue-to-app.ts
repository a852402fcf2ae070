import { wasJustTried } from '../lib/just-tried.ts'

const STORAGE_KEY = 'acu-continued-at'

/** Goes on to the page that was asked for, at the address the person is at already. */
export function continueToApp(): void {
  const here = location.pathname + location.search
  location.replace(here === '/sign-in' || here === '/setup' ? '/' : here)
}

/** Like {@link continueToApp}, but false where that was just tried and led back here. */
export function continueUnlessJustTried(): boolean {
  if (wasJustTried(STORAGE_KEY)) return false
  continueToApp()
  return true
}
