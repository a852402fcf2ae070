import type { FactorKind, PasskeyAnswer } from '#protocol/factors'
import type { UserId } from '#protocol/ids'
import type { LoginMethod } from '#protocol/logins'
import type { UserRow } from '../auth-repository.ts'
import type { Client, Site } from '../client.ts'

/** What somebody brought beside, or instead of, the password. */
export interface GivenFactor {
  /** A TOTP code or a recovery code. */
  code: string | null
  passkey: PasskeyAnswer | null
}

/** Asks for a second factor where the account has one. */
export class SecondFactors {
  /** The second factors that the account has; none means that the password is all there is. */
  async kindsOf(_userId: UserId): Promise<FactorKind[]> {
    return []
  }

  /**
   * Called once the password was right.
   * @throws SecondFactorRequiredError | InvalidCodeError
   */
  async check(_user: UserRow, _given: GivenFactor, _from: Client & { site: Site }): Promise<LoginMethod> {
    return 'password'
  }
}
