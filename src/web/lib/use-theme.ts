import { useSyncExternalStore } from 'react'
import type { Theme } from './theme.ts'
import { shownTheme, subscribeTheme } from './theme.ts'

/** The theme in force on this device. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribeTheme, shownTheme)
}
