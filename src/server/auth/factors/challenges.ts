import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { ChallengeId, type UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import type { Site } from '../client.ts'

/** How long a ceremony may take, in milliseconds. */
export const CHALLENGE_MS = 5 * 60_000
/** Ceremonies of one purpose that may wait at the same time: of one user, and of all whom nobody knows yet. Beyond, the oldest go. */
const MAX_OF_USER = 10
const MAX_OF_STRANGERS = 2000

/** What a challenge is good for, and for whom. */
export interface ChallengeUse {
  purpose: 'sign-in' | 'second-factor' | 'step-up' | 'enrol'
  /** Null before anybody is known. */
  userId: UserId | null
  site: Site
}

/** The random values that authenticators sign: each good once, for five minutes, for one purpose, user and address. */
export class Challenges {
  readonly #deps: { database: Kysely<Tables>; clock: Clock }

  constructor(deps: { database: Kysely<Tables>; clock: Clock }) {
    this.#deps = deps
  }

  /** `challenge` is 32 random bytes, base64url. */
  async make({ purpose, userId, site }: ChallengeUse): Promise<{ id: ChallengeId; challenge: string }> {
    const now = this.#deps.clock.now()
    const id = ChallengeId.parse(newId('cha'))
    const challenge = randomBytes(32).toString('base64url')
    await this.#deps.database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('challenges').where('expires_at', '<=', now.toISOString()).execute()
      await makeRoom(transaction, purpose, userId)
      const expiresAt = new Date(now.getTime() + CHALLENGE_MS).toISOString()
      const { rpId: rp_id, origin } = site
      await transaction
        .insertInto('challenges')
        .values({ id, purpose, user_id: userId, challenge, rp_id, origin, expires_at: expiresAt })
        .execute()
    })
    return { id, challenge }
  }

  /** Uses the challenge up, whether it fits or not. Null for one that is unknown, used, expired, or made for something else. */
  async take(id: ChallengeId, { purpose, userId, site }: ChallengeUse): Promise<string | null> {
    const row = await this.#deps.database.deleteFrom('challenges').where('id', '=', id).returningAll().executeTakeFirst()
    if (!row || row.expires_at <= this.#deps.clock.now().toISOString()) return null
    const isFor = row.purpose === purpose && row.user_id === userId
    return isFor && row.rp_id === site.rpId && row.origin === site.origin ? row.challenge : null
  }
}

async function makeRoom(db: Kysely<Tables>, purpose: ChallengeUse['purpose'], userId: UserId | null): Promise<void> {
  const tooOld = db
    .selectFrom('challenges')
    .select('id')
    .where('purpose', '=', purpose)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .orderBy('expires_at', 'desc')
    .offset((userId === null ? MAX_OF_STRANGERS : MAX_OF_USER) - 1)
    .limit(MAX_OF_STRANGERS)
  await db.deleteFrom('challenges').where('id', 'in', tooOld).execute()
}
