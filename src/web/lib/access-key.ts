import { ApiError } from './api-error.ts'

const STORAGE_KEY = 'acu-access-key'

/** Where the browser keeps nothing, it holds until the page is left. */
let inMemory: string | null = null

/** The key of a server that was started with `API_KEY`; null where none was asked for. Sent in a header, never in an address. */
export function storedAccessKey(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? inMemory
  } catch {
    return inMemory
  }
}

/** Keeps the key on this device; null forgets it. */
export function storeAccessKey(key: string | null): void {
  inMemory = key
  try {
    if (key === null) localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, key)
  } catch {
    // Blocked storage.
  }
}

/** Whether the server answers nothing before it is given the access key, or was given a wrong one. */
export function isAccessKeyNeeded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && error.details.needs === 'api-key'
}
