import { BASE_PATH } from '../lib/base-path.ts'
import { wasJustTried } from '../lib/just-tried.ts'

/** Addresses of this page itself. */
const FORMS = [`${BASE_PATH}/sign-in`, `${BASE_PATH}/setup`]
const STORAGE_KEY = 'acu-continued-at'

/** Goes on to the page that was asked for, at the address the person is at already. */
export function continueToApp(): void {
  const here = location.pathname + location.search
  location.replace(FORMS.includes(here) ? `${BASE_PATH}/` : here)
}

/** Like {@link continueToApp}, but false where that was just tried and led back here. */
export function continueUnlessJustTried(): boolean {
  if (wasJustTried(STORAGE_KEY)) return false
  continueToApp()
  return true
}
