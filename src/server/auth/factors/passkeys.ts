import type { Kysely } from 'kysely'
import type { AddPasskey, Passkey, PasskeyChallenge } from '#protocol/factors'
import { PasskeyId, type UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { InvalidCodeError } from '../auth-errors.ts'
import type { Site } from '../client.ts'
import type { Challenges } from './challenges.ts'
import type { FactorLog, FactorOwner } from './factor-log.ts'
import { credentialName } from './passkey-check.ts'
import { PasskeyRepository, type PasskeyRow } from './passkey-repository.ts'
import { requirePasskeySite } from './passkey-site.ts'
import type { RecoveryCodeBook } from './recovery-code-book.ts'
import { ALGORITHMS, CreationAnswer, creationOptions } from './ceremonies.ts'

export const MAX_PASSKEYS = 20

export interface PasskeysDeps {
  database: Kysely<Tables>
  clock: Clock
  log: FactorLog
  challenges: Challenges
  recoveryCodes: RecoveryCodeBook
}

/** The passkeys that a user keeps: made, named, removed (W3C Web Authentication, section 7.1). */
export class Passkeys {
  readonly #deps: PasskeysDeps

  constructor(deps: PasskeysDeps) {
    this.#deps = deps
  }

  async list(userId: UserId): Promise<Passkey[]> {
    return (await new PasskeyRepository(this.#deps.database).list(userId)).map(toPasskey)
  }

  /** @throws DomainError CONFLICT where browsers offer no passkeys, or the user has enough of them */
  async begin(owner: FactorOwner, site: Site): Promise<PasskeyChallenge> {
    requirePasskeySite(site)
    const rows = await new PasskeyRepository(this.#deps.database).list(owner.id)
    refuseMore(rows.length)
    const { id, challenge } = await this.#deps.challenges.make({ purpose: 'enrol', userId: owner.id, site })
    const known = rows.filter(({ rp_id }) => rp_id === site.rpId).map(credentialName)
    const options = creationOptions({ challenge, site }, owner, known)
    return { challengeId: id, options }
  }

  /** @throws InvalidCodeError | DomainError CONFLICT */
  async add(owner: FactorOwner, { challengeId, response, name }: AddPasskey, site: Site): Promise<Passkey> {
    const { database, clock, challenges, log } = this.#deps
    const challenge = await challenges.take(challengeId, { purpose: 'enrol', userId: owner.id, site })
    const made = await readCreation(response, challenge, site)
    const row: PasskeyRow = {
      id: PasskeyId.parse(newId('pkey')),
      user_id: owner.id,
      name,
      credential_id: made.credentialId,
      public_key: made.publicKey,
      counter: made.counter,
      transports: JSON.stringify(made.transports),
      rp_id: site.rpId,
      backed_up: made.backedUp ? 1 : 0,
      created_at: clock.now().toISOString(),
      last_used_at: null,
    }
    const announce = await database.transaction().execute(async (transaction) => {
      const repository = new PasskeyRepository(transaction)
      refuseMore((await repository.list(owner.id)).length)
      if (!(await repository.insert(row))) throw new DomainError('CONFLICT', 'This passkey is set up already.')
      return log.write(transaction, owner, {
        action: 'auth.passkey_added',
        subject: row.id,
        details: { name, rpId: site.rpId },
        notice: { kind: 'factor-added', facts: { factor: 'passkey', name } },
      })
    })
    announce()
    return toPasskey(row)
  }

  /** @throws DomainError NOT_FOUND */
  async rename(owner: FactorOwner, id: PasskeyId, name: string): Promise<Passkey> {
    const { database, log } = this.#deps
    return database.transaction().execute(async (transaction) => {
      const row = await new PasskeyRepository(transaction).rename(owner.id, id, name)
      if (!row) throw noSuchPasskey()
      await log.write(transaction, owner, { action: 'auth.passkey_renamed', subject: id, details: { name } })
      return toPasskey(row)
    })
  }

  /** @throws DomainError NOT_FOUND */
  async remove(owner: FactorOwner, id: PasskeyId): Promise<void> {
    const { database, log, recoveryCodes } = this.#deps
    const announce = await database.transaction().execute(async (transaction) => {
      const row = await new PasskeyRepository(transaction).delete(owner.id, id)
      if (!row) throw noSuchPasskey()
      await recoveryCodes.dropWithLastFactor(transaction, owner.id)
      return log.write(transaction, owner, {
        action: 'auth.passkey_removed',
        subject: id,
        details: { name: row.name },
        notice: { kind: 'factor-removed', facts: { factor: 'passkey', name: row.name } },
      })
    })
    announce()
  }
}

async function readCreation(response: AddPasskey['response'], challenge: string | null, site: Site) {
  const answer = CreationAnswer.safeParse(response)
  if (challenge === null || !answer.success) throw new InvalidCodeError(TRY_AGAIN)
  const { checkCreation } = await import('./check-creation.ts')
  try {
    return { ...(await checkCreation(answer.data, { challenge, site }, ALGORITHMS)), transports: answer.data.response.transports }
  } catch (error) {
    throw new InvalidCodeError(TRY_AGAIN, error)
  }
}

const TRY_AGAIN = 'The passkey was not accepted: it took too long, or was made for another address. Try again.'

function refuseMore(count: number): void {
  if (count >= MAX_PASSKEYS)
    throw new DomainError('CONFLICT', `You have ${String(MAX_PASSKEYS)} passkeys, which is the most. Remove one that you do not use.`)
}

function noSuchPasskey(): DomainError {
  return new DomainError('NOT_FOUND', 'There is no such passkey. It may have been removed on another device.')
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    rpId: row.rp_id,
    backedUp: row.backed_up === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
