import type { Kysely } from 'kysely'
import type { FactorKind, FactorRequest, PasskeyAnswer } from '#protocol/factors'
import type { UserId } from '#protocol/ids'
import type { LoginMethod } from '#protocol/logins'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import { InvalidCodeError, SecondFactorRequiredError } from '../auth-errors.ts'
import type { Client, Site } from '../client.ts'
import type { FactorOwner } from './factor-log.ts'
import { FactorRepository } from './factor-repository.ts'
import type { PasskeyCheck } from './passkey-check.ts'
import { PasskeyRepository } from './passkey-repository.ts'
import type { RecoveryCodeBook } from './recovery-code-book.ts'
import { isTotpCode, type Totp } from './totp.ts'

/** What somebody brought beside, or instead of, the password. */
export interface GivenFactor {
  /** A TOTP code or a recovery code. */
  code: string | null
  passkey: PasskeyAnswer | null
}

/** What a factor is asked for. */
type Purpose = 'second-factor' | 'step-up'

export interface SecondFactorsDeps {
  database: Kysely<Tables>
  clock: Clock
  totp: Totp
  recoveryCodes: RecoveryCodeBook
  passkeys: PasskeyCheck
}

/** Asks for a second factor where the account has one. */
export class SecondFactors {
  readonly #deps: SecondFactorsDeps

  constructor(deps: SecondFactorsDeps) {
    this.#deps = deps
  }

  /** The second factors that the account has; none means that the password is all there is. */
  async kindsOf(userId: UserId): Promise<FactorKind[]> {
    const { database } = this.#deps
    const repository = new FactorRepository(database)
    const totp = await repository.findTotp(userId)
    const kinds: FactorKind[] = []
    if (totp && totp.confirmed_at !== null) kinds.push('totp')
    if ((await new PasskeyRepository(database).list(userId)).length > 0) kinds.push('passkey')
    if (kinds.length > 0 && (await repository.countRecoveryCodes(userId)) > 0) kinds.push('recovery-code')
    return kinds
  }

  /**
   * Called once the password was right. Says how the login was proven.
   * @throws SecondFactorRequiredError | InvalidCodeError
   */
  async check(
    user: { id: UserId; username: string },
    given: GivenFactor,
    { site, ...client }: Client & { site: Site },
  ): Promise<LoginMethod> {
    const kinds = await this.kindsOf(user.id)
    if (kinds.length === 0) return 'password'
    const owner = { id: user.id, username: user.username, ...client }
    if (given.passkey === null && (given.code ?? '').trim() === '') {
      const { database, clock } = this.#deps
      await recordAudit(database, { at: clock.now(), actor: user.username, action: 'auth.factor_asked', subject: user.id, ...client })
      throw await this.asked(owner, 'second-factor', { kinds, site })
    }
    return `password+${await this.prove(owner, given, { purpose: 'second-factor', site })}`
  }

  /** The error that says which factors would do, with a challenge for a passkey where one works at this address. */
  async asked(
    owner: FactorOwner,
    purpose: Purpose,
    { kinds, site }: { kinds: FactorKind[]; site: Site },
  ): Promise<SecondFactorRequiredError> {
    const passkey = kinds.includes('passkey') ? await this.#deps.passkeys.ask({ purpose, userId: owner.id, site }) : null
    const request: FactorRequest = { factors: kinds, ...(passkey ? { passkey } : {}) }
    return new SecondFactorRequiredError(request, !passkey && kinds[0] === 'passkey' ? elsewhere(kinds) : '')
  }

  /**
   * Uses up what was given, and says what it was.
   * @throws InvalidCodeError
   */
  async prove(owner: FactorOwner, given: GivenFactor, { purpose, site }: { purpose: Purpose; site: Site }): Promise<FactorKind> {
    const method = kindOf(given)
    const reason = await this.#refusalOf(owner, given, { method, purpose, site })
    if (reason === null) return method
    const { database, clock } = this.#deps
    const { id, username: actor, ...client } = owner
    const action = purpose === 'step-up' ? 'auth.step_up_failed' : 'auth.login_failed'
    await recordAudit(database, { at: clock.now(), actor, action, subject: id, ...client, details: { method, reason } })
    throw new InvalidCodeError(method === 'passkey' ? 'The passkey was not accepted. Try again, or use another factor.' : undefined)
  }

  async #refusalOf(
    owner: FactorOwner,
    { code, passkey }: GivenFactor,
    { method, purpose, site }: { method: FactorKind; purpose: Purpose; site: Site },
  ): Promise<string | null> {
    const { totp, recoveryCodes, passkeys } = this.#deps
    if (passkey !== null) {
      const verdict = await passkeys.verify(passkey, { purpose, userId: owner.id, site })
      return verdict.isRight ? null : verdict.reason
    }
    const isRight = method === 'totp' ? await totp.accept(owner.id, code ?? '') : await recoveryCodes.accept(owner, code ?? '')
    return isRight ? null : 'wrong or used'
  }
}

function kindOf({ code, passkey }: GivenFactor): FactorKind {
  if (passkey !== null) return 'passkey'
  return isTotpCode(code ?? '') ? 'totp' : 'recovery-code'
}

/** Where nothing but passkeys of another address stands between the password and the account. */
function elsewhere(kinds: FactorKind[]): string {
  const way = kinds.includes('recovery-code') ? 'use a recovery code' : 'run "ai-code-ui user reset-factors" on its host'
  return ` Your passkeys belong to another address: open the product there, or ${way}.`
}
