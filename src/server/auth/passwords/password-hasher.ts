import { PasswordRejectedError } from '../auth-errors.ts'

const MIN_CHARACTERS = 10
/** bcrypt reads no further than this; more would be cut off silently. */
const MAX_BYTES = 72

/** Hashes and compares passwords with bcrypt on the thread pool, never on the event loop. */
export class PasswordHasher {
  readonly #rounds: number
  /** Compared against when there is no such user, so that both answers take as long. */
  #decoy: Promise<string> | null = null

  constructor(rounds: number) {
    this.#rounds = rounds
  }

  async hash(password: string): Promise<string> {
    const { hash } = await bcrypt()
    return hash(password, { cost: this.#rounds, rejectLongPasswords: true })
  }

  /** `stored` null means that there is no such user: the comparison is made all the same and fails. */
  async matches(password: string, stored: string | null): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_BYTES || password.includes('\0')) return this.#burn()
    if (stored === null) return this.#burn(password)
    const { verify } = await bcrypt()
    return verify(password, stored)
  }

  async #burn(password = 'x'): Promise<false> {
    this.#decoy ??= this.hash('no user has this password')
    const { verify } = await bcrypt()
    await verify(password, await this.#decoy)
    return false
  }
}

/** Loaded when first needed: finding its native code takes a tenth of the server's start. */
function bcrypt() {
  return import('@node-rs/bcrypt')
}

/**
 * Whether a new password may be used.
 * @throws PasswordRejectedError with what to change
 */
export function checkNewPassword(password: string, username: string): void {
  if (Array.from(password).length < MIN_CHARACTERS)
    throw new PasswordRejectedError(`The password needs at least ${String(MIN_CHARACTERS)} characters.`)
  if (Buffer.byteLength(password) > MAX_BYTES)
    throw new PasswordRejectedError(`The password is longer than ${String(MAX_BYTES)} bytes, which is as much as bcrypt reads.`)
  if (password.includes('\0')) throw new PasswordRejectedError('The password must not contain a NUL character.')
  if (new Set(password).size < 4) throw new PasswordRejectedError('The password repeats too few characters. Choose a longer phrase.')
  if (password.toLowerCase().includes(username.toLowerCase()) && password.length < username.length + 8) {
    throw new PasswordRejectedError('The password is little more than the user name. Choose something else.')
  }
}
