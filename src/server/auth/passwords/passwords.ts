import type { Kysely } from 'kysely'
import type { UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { checkNewPassword, PasswordHasher } from './password-hasher.ts'

export interface PasswordsDeps {
  database: Kysely<Tables>
  bcryptRounds: number
}

/** Rules, hashes and history of passwords. */
export class Passwords {
  readonly #deps: PasswordsDeps
  readonly #hasher: PasswordHasher

  constructor(deps: PasswordsDeps) {
    this.#deps = deps
    this.#hasher = new PasswordHasher(deps.bcryptRounds)
  }

  /**
   * Whether a new password may be used.
   * @throws PasswordRejectedError with what to change
   */
  async checkNew(password: string, { username }: { username: string; userId: UserId | null }): Promise<void> {
    checkNewPassword(password, username)
  }

  hash(password: string): Promise<string> {
    return this.#hasher.hash(password)
  }

  /** `stored` null means that there is no such user: the comparison is made all the same and fails. */
  matches(password: string, stored: string | null): Promise<boolean> {
    return this.#hasher.matches(password, stored)
  }

  /** Hashes a password that was right anew where its hash is weaker than what is configured. */
  async upgrade(user: UserRow, password: string): Promise<void> {
    const cost = Number(/^\$2[aby]\$(\d\d)\$/.exec(user.password_hash)?.[1])
    if (cost >= this.#deps.bcryptRounds) return
    await new AuthRepository(this.#deps.database).updateUser(user.id, { password_hash: await this.hash(password) })
  }
}
