import type { Kysely } from 'kysely'
import type { PasskeyAnswer, PasskeyChallenge } from '#protocol/factors'
import type { UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import type { Challenges, ChallengeUse } from './challenges.ts'
import { type PasskeyRow, PasskeyRepository } from './passkey-repository.ts'
import { hasPasskeys } from './passkey-site.ts'
import { AssertionAnswer, type CredentialName, type Expected, requestOptions } from './ceremonies.ts'

/** How a ceremony ended. `userId` is whose passkey it was, also where it was refused; `reason` is for the audit log alone. */
export type PasskeyVerdict = { isRight: true; userId: UserId } | { isRight: false; userId: UserId | null; reason: string }

/** Asks for passkeys and checks what comes back (W3C Web Authentication, section 7.2). */
export class PasskeyCheck {
  readonly #deps: { database: Kysely<Tables>; clock: Clock; challenges: Challenges }

  constructor(deps: { database: Kysely<Tables>; clock: Clock; challenges: Challenges }) {
    this.#deps = deps
  }

  /** Null where the user has no passkey for this address, or browsers offer none here. Of nobody in particular: any passkey. */
  async ask(use: ChallengeUse): Promise<PasskeyChallenge | null> {
    const { database, challenges } = this.#deps
    if (!hasPasskeys(use.site)) return null
    const allowed = use.userId === null ? null : await new PasskeyRepository(database).list(use.userId)
    const here = allowed?.filter(({ rp_id }) => rp_id === use.site.rpId).map(credentialName) ?? null
    if (here?.length === 0) return null
    const { id, challenge } = await challenges.make(use)
    const options = requestOptions({ challenge, site: use.site }, { allowed: here, isVerified: mustVerify(use) })
    return { challengeId: id, options }
  }

  async verify({ challengeId, response }: PasskeyAnswer, use: ChallengeUse): Promise<PasskeyVerdict> {
    const { database, challenges } = this.#deps
    const challenge = await challenges.take(challengeId, use)
    const answer = AssertionAnswer.safeParse(response)
    if (!answer.success) return refused('not an assertion')
    const passkey = await new PasskeyRepository(database).findByCredential(answer.data.id)
    if (!passkey) return refused('unknown credential')
    const whose = { isRight: false, userId: passkey.user_id } as const
    if (challenge === null) return { ...whose, reason: 'unknown, used or expired challenge' }
    if (!belongsTo(passkey, answer.data, use)) return { ...whose, reason: 'credential of somebody else or for another address' }
    const seen = await readAssertion(
      answer.data,
      { challenge, site: use.site },
      { publicKey: passkey.public_key, isVerified: mustVerify(use) },
    )
    if ('reason' in seen) return { ...whose, reason: seen.reason }
    const at = this.#deps.clock.now().toISOString()
    const isCounted = await new PasskeyRepository(database).use(passkey.id, { ...seen, at })
    return isCounted ? { isRight: true, userId: passkey.user_id } : { ...whose, reason: COPIED }
  }
}

const COPIED = 'signature counter went back, as with a copied key'

async function readAssertion(
  answer: AssertionAnswer,
  expected: Expected,
  key: { publicKey: string; isVerified: boolean },
): Promise<{ counter: number; backedUp: boolean } | { reason: string }> {
  try {
    const { checkAssertion } = await import('./check-assertion.ts')
    return await checkAssertion(answer, expected, key)
  } catch (error) {
    return { reason: error instanceof Error ? error.message.slice(0, 200) : 'refused' }
  }
}

export function credentialName({ credential_id, transports }: PasskeyRow): CredentialName {
  const parsed: unknown = JSON.parse(transports)
  return { id: credential_id, transports: Array.isArray(parsed) ? parsed.filter((each) => typeof each === 'string') : [] }
}

/** A passkey in place of name and password must be two factors in one: the key, and what unlocks it. */
function mustVerify({ purpose }: ChallengeUse): boolean {
  return purpose === 'sign-in'
}

function belongsTo(passkey: PasskeyRow, { response }: AssertionAnswer, { userId, site }: ChallengeUse): boolean {
  if (passkey.rp_id !== site.rpId || (userId !== null && passkey.user_id !== userId)) return false
  const handle = response.userHandle ? Buffer.from(response.userHandle, 'base64url').toString('utf8') : null
  // Where nobody was named before, the authenticator has to say whose key it is.
  return handle === null ? userId !== null : handle === passkey.user_id
}

function refused(reason: string): PasskeyVerdict {
  return { isRight: false, userId: null, reason }
}
