import { randomText } from './random-text.ts'

/*
 * The name under which the next refresh of the login is sent. It is made before the request and replaced after its answer,
 * so that a reload, a second tab or a new try after a lost answer repeats the same attempt, and the server answers it with
 * the same tokens instead of taking the second one for a thief. It may lie where any script of the page can read it: it is
 * worth nothing without the refresh cookie, which no script can read.
 */

const STORAGE_KEY = 'acu-refresh-attempt'
const BYTES = 18

/** Where the browser keeps nothing, it holds until the page is left. */
let inMemory: string | null = null

/** The attempt that goes on, or a new one. */
export function currentAttempt(): string {
  const stored = read()
  if (stored !== null) return stored
  const made = newAttempt()
  write(made)
  return made
}

/** Called once `attempt` was answered. Leaves alone what another tab has begun since. */
export function endAttempt(attempt: string): void {
  if (read() === attempt) write(newAttempt())
}

/** 24 characters. */
function newAttempt(): string {
  return randomText(BYTES)
}

function read(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? inMemory
  } catch {
    return inMemory
  }
}

function write(attempt: string): void {
  inMemory = attempt
  try {
    localStorage.setItem(STORAGE_KEY, attempt)
  } catch {
    // Blocked or full storage: the page's own memory has to do.
  }
}
