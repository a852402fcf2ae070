import type { Kysely } from 'kysely'
import type { RecoveryCodes } from '#protocol/factors'
import type { UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { Tables } from '../../platform/schema.ts'
import type { FactorLog, FactorOwner } from './factor-log.ts'
import { FactorRepository } from './factor-repository.ts'
import { newRecoveryCode, recoveryCodeHash } from './recovery-code-text.ts'

const COUNT = 10

/** Recovery codes: ten, each good once, for when every other factor is lost. Only their hashes are kept. */
export class RecoveryCodeBook {
  readonly #deps: { database: Kysely<Tables>; clock: Clock; log: FactorLog }

  constructor(deps: { database: Kysely<Tables>; clock: Clock; log: FactorLog }) {
    this.#deps = deps
  }

  /**
   * Ten new ones; older ones are void.
   * @throws DomainError CONFLICT without a second factor that they could stand in for
   */
  async renew(owner: FactorOwner): Promise<RecoveryCodes> {
    return this.#deps.database.transaction().execute(async (transaction) => {
      if (!(await new FactorRepository(transaction).hasFactor(owner.id)))
        throw new DomainError('CONFLICT', 'Recovery codes stand in for a second factor. Set up an authenticator app or a passkey first.')
      return this.issue(transaction, owner)
    })
  }

  /** Like {@link renew}, in the transaction of the factor that they come with. */
  async issue(transaction: Kysely<Tables>, owner: FactorOwner): Promise<RecoveryCodes> {
    const codes = Array.from({ length: COUNT }, newRecoveryCode)
    const at = this.#deps.clock.now().toISOString()
    await new FactorRepository(transaction).replaceRecoveryCodes(owner.id, codes.map(recoveryCodeHash), at)
    await this.#deps.log.write(transaction, owner, { action: 'auth.recovery_codes_made', subject: owner.id, details: { count: COUNT } })
    return { recoveryCodes: codes }
  }

  /** Uses a code up. False for one that is unknown or used; of two requests with the same code one wins. */
  async accept(owner: FactorOwner, code: string): Promise<boolean> {
    const { database, clock, log } = this.#deps
    const announce = await database.transaction().execute(async (transaction) => {
      const repository = new FactorRepository(transaction)
      if (!(await repository.useRecoveryCode(owner.id, recoveryCodeHash(code), clock.now().toISOString()))) return null
      const left = await repository.countRecoveryCodes(owner.id)
      return log.write(transaction, owner, {
        action: 'auth.recovery_code_used',
        subject: owner.id,
        details: { left },
        notice: { kind: 'recovery-code-used', facts: { left } },
      })
    })
    announce?.()
    return announce !== null
  }

  /** To be called when a factor went, in the same transaction: codes without a factor would be a second password. */
  async dropWithLastFactor(transaction: Kysely<Tables>, userId: UserId): Promise<void> {
    const repository = new FactorRepository(transaction)
    if (!(await repository.hasFactor(userId))) await repository.deleteRecoveryCodes(userId)
  }
}
