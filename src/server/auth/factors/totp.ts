import type { Kysely } from 'kysely'
import type { RecoveryCodes, TotpEnrolment } from '#protocol/factors'
import type { UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { Tables } from '../../platform/schema.ts'
import { InvalidCodeError } from '../auth-errors.ts'
import type { Site } from '../client.ts'
import type { FactorLog, FactorOwner } from './factor-log.ts'
import { FactorRepository } from './factor-repository.ts'
import type { RecoveryCodeBook } from './recovery-code-book.ts'
import { newTotpSecret, stepOfTotpCode, totpUri } from './totp-codes.ts'

const SIX_DIGITS = /^[0-9]{6}$/

export interface TotpDeps {
  database: Kysely<Tables>
  clock: Clock
  log: FactorLog
  recoveryCodes: RecoveryCodeBook
}

/** Whether a code is one of an authenticator app, and not a recovery code. */
export function isTotpCode(code: string): boolean {
  return SIX_DIGITS.test(withoutGaps(code))
}

/** Codes of an authenticator app (RFC 6238). */
export class Totp {
  readonly #deps: TotpDeps

  constructor(deps: TotpDeps) {
    this.#deps = deps
  }

  /**
   * A new secret each time, without force until {@link confirm}.
   * @throws DomainError CONFLICT while one is in force
   */
  async begin(owner: FactorOwner, site: Site): Promise<TotpEnrolment> {
    const { database, clock } = this.#deps
    const secret = await newTotpSecret()
    if (!(await new FactorRepository(database).putPendingTotp(owner.id, secret, clock.now().toISOString()))) throw inForce()
    return { secret, uri: await totpUri(secret, `${owner.username}@${site.rpId}`) }
  }

  /**
   * Puts the secret in force, and gives ten recovery codes in place of any earlier ones.
   * @throws InvalidCodeError | DomainError CONFLICT
   */
  async confirm(owner: FactorOwner, code: string): Promise<RecoveryCodes> {
    const { database, clock, log, recoveryCodes } = this.#deps
    const row = await new FactorRepository(database).findTotp(owner.id)
    if (!row) throw new DomainError('CONFLICT', 'No authenticator app is being set up. Begin again.')
    if (row.confirmed_at !== null) throw inForce()
    const at = clock.now()
    const step = isTotpCode(code) ? await stepOfTotpCode(row.secret, withoutGaps(code), at) : null
    if (step === null)
      throw new InvalidCodeError('The code is not right. Type the one that the app shows now, and check the clock of the device.')
    const { codes, announce } = await database.transaction().execute(async (transaction) => {
      if (!(await new FactorRepository(transaction).confirmTotp(row, at.toISOString(), step)))
        throw new DomainError('CONFLICT', 'Another request changed the authenticator app meanwhile. Reload and look.')
      const announce = await log.write(transaction, owner, {
        action: 'auth.totp_enabled',
        subject: owner.id,
        notice: { kind: 'factor-added', facts: { factor: 'totp' } },
      })
      return { announce, codes: await recoveryCodes.issue(transaction, owner) }
    })
    announce()
    return codes
  }

  /** @throws DomainError NOT_FOUND where none is in force */
  async disable(owner: FactorOwner): Promise<void> {
    const { database, log, recoveryCodes } = this.#deps
    const announce = await database.transaction().execute(async (transaction) => {
      if (!(await new FactorRepository(transaction).deleteTotp(owner.id)))
        throw new DomainError('NOT_FOUND', 'No authenticator app is set up. It may have been removed on another device.')
      await recoveryCodes.dropWithLastFactor(transaction, owner.id)
      return log.write(transaction, owner, {
        action: 'auth.totp_disabled',
        subject: owner.id,
        notice: { kind: 'factor-removed', facts: { factor: 'totp' } },
      })
    })
    announce()
  }

  /** Uses a code up. False for a wrong one and for one that was used, or is older than one that was. */
  async accept(userId: UserId, code: string): Promise<boolean> {
    const repository = new FactorRepository(this.#deps.database)
    const row = await repository.findTotp(userId)
    if (row?.confirmed_at == null) return false
    const step = await stepOfTotpCode(row.secret, withoutGaps(code), this.#deps.clock.now())
    return step !== null && repository.useTotpStep(row, step)
  }
}

function withoutGaps(code: string): string {
  return code.replace(/[\s-]/g, '')
}

function inForce(): DomainError {
  return new DomainError('CONFLICT', 'An authenticator app is set up already. Remove it first to use another one.')
}
