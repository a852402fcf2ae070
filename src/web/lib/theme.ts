export type Theme = 'system' | 'light' | 'dark'

const STORAGE_KEY = 'acu-theme'
const listeners = new Set<() => void>()

/** Applies the theme pinned on this device. To be called before anything is drawn. */
export function applyStoredTheme(): void {
  show(storedTheme())
}

/** Pins a theme on this device, or follows the system again. */
export function pinTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // Blocked storage: it holds until the page is closed.
  }
  show(theme)
  for (const notify of listeners) notify()
}

/** Calls `listener` after each change of the theme. Returns how to stop. */
export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The theme in force. */
export function shownTheme(): Theme {
  return themeOf(document.documentElement.dataset.theme)
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

function storedTheme(): Theme {
  try {
    return themeOf(localStorage.getItem(STORAGE_KEY))
  } catch {
    return 'system'
  }
}

function themeOf(name: string | null | undefined): Theme {
  return name === 'light' || name === 'dark' ? name : 'system'
}
