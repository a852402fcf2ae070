import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** No vowels and nothing that looks like something else: it is read from one screen and typed into another. */
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXZ'
const LENGTH = 16

/** What the first account needs: printed on the host, kept in `DATA_DIR/setup-code` until an account exists. */
export class SetupCode {
  readonly #path: string
  readonly #configured: string | null

  constructor(dataDirectory: string, configured: string | null) {
    this.#path = join(dataDirectory, 'setup-code')
    this.#configured = configured
  }

  /** The code in force; made and stored at the first call. 76 random bits unless configured. */
  current(): string {
    const known = this.#configured ?? this.#read()
    if (known !== null) return known
    const letters = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
    const code = letters.replace(/(.{4})(?=.)/g, '$1-')
    writeFileSync(this.#path, `${code}\n`, { mode: 0o600 })
    return code
  }

  /** Compares in constant time; dashes, spaces and case do not matter. */
  matches(attempt: string): boolean {
    return timingSafeEqual(digest(attempt), digest(this.current()))
  }

  /** Called once an account exists. */
  discard(): void {
    rmSync(this.#path, { force: true })
  }

  #read(): string | null {
    try {
      const code = readFileSync(this.#path, 'utf8').trim()
      return code === '' ? null : code
    } catch {
      // Not there yet.
      return null
    }
  }
}

function digest(code: string): Buffer {
  return createHash('sha256').update(code.replace(/[\s-]/g, '').toUpperCase()).digest()
}
