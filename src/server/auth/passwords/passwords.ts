import { hostname } from 'node:os'
import type { Kysely } from 'kysely'
import type { UserId } from '#protocol/ids'
import { PASSWORD_MIN_SCORE, wordsToAvoid } from '#protocol/password-rules'
import type { Tables } from '../../platform/schema.ts'
import type { UserRow } from '../auth-repository.ts'
import { costOf } from './bcrypt-cost.ts'
import { formerHashes, highestCost, storeUpgrade } from './password-records.ts'
import type { PasswordAnswer, PasswordJob } from './password-jobs.ts'
import { canonical, checkForm, isHashable, type PasswordPolicy, reject } from './password-rules.ts'
import { type PasswordThread, passwordThread } from './password-thread.ts'

export interface PasswordsDeps {
  database: Kysely<Tables>
  /** Exponent of two. */
  bcryptRounds: number
  policy: PasswordPolicy
  /** The process's own unless a test brings one. */
  thread?: PasswordThread
}

/** Rules, hashes and history of passwords. Everything that takes time happens in a thread of its own. */
export class Passwords {
  readonly #deps: PasswordsDeps
  readonly #thread: PasswordThread

  constructor(deps: PasswordsDeps) {
    this.#deps = deps
    this.#thread = deps.thread ?? passwordThread
  }

  /**
   * Whether a new password may be used: long enough, read whole by bcrypt, hard to guess, not one of the last five.
   * @param username what guessers would try
   * @param userId null where there is no account yet
   * @throws PasswordRejectedError with what to change
   */
  async checkNew(password: string, { username, userId }: { username: string; userId: UserId | null }): Promise<void> {
    const form = canonical(password)
    checkForm(form, this.#deps.policy)
    await this.#checkStrength(form, username)
    if (userId !== null) await this.#checkHistory(form, userId)
  }

  async #checkStrength(password: string, username: string): Promise<void> {
    const answer = await this.#thread.run({ kind: 'estimate', password, knownWords: wordsToAvoid(username, hostname()) }, true)
    const { strength } = answerOf('estimate', answer)
    if (strength.score >= PASSWORD_MIN_SCORE) return
    const [why = 'Somebody who tries common words and patterns would soon find it.'] = strength.suggestions
    reject('too-weak', `The password is too easy to guess. ${why}`, strength.suggestions)
  }

  async #checkHistory(password: string, userId: UserId): Promise<void> {
    const [current, ...former] = await formerHashes(this.#deps.database, userId)
    if (current !== undefined && (await this.matches(password, current)))
      reject('unchanged', 'This is the password already in use. Choose another one.', ['Choose one that you have not used here before.'])
    for (const stored of former) {
      if (await this.matches(password, stored))
        reject('used-before', 'This is one of your last five passwords. Choose another one.', [
          'Choose one that you have not used here before.',
        ])
    }
  }

  /** @throws Error for a password that {@link checkNew} refuses for its length or a NUL */
  async hash(password: string): Promise<string> {
    const form = canonical(password)
    if (!isHashable(form)) throw new Error('bcrypt would not take all of this password into account.')
    return answerOf('hash', await this.#thread.run({ kind: 'hash', password: form, rounds: this.#deps.bcryptRounds }, true)).hash
  }

  /**
   * Whether this is the password. Takes as long, and fails the same, where there is no such user (`stored` null), where the
   * account has no password, where the stored hash is an old, cheaper one, and for a password that no account can have.
   * @param options `isStranger`: those who are known here go first
   * @throws PasswordsBusyError
   */
  async matches(password: string, stored: string | null, { isStranger = false }: { isStranger?: boolean } = {}): Promise<boolean> {
    const form = canonical(password)
    const isPossible = isHashable(form)
    // Whatever was hashed before passwords were made canonical stays valid.
    const spellings = isPossible && isHashable(password) && password !== form ? [form, password] : [isPossible ? form : 'x']
    const cost = Math.max(this.#deps.bcryptRounds, await highestCost(this.#deps.database))
    const job: PasswordJob = { kind: 'compare', spellings, stored: isPossible ? stored : null, cost }
    return answerOf('compare', await this.#thread.run(job, !isStranger)).isRight
  }

  /**
   * Hashes a password that was right anew where its hash is weaker than what is configured. Never throws: a login does not
   * fail for it, and the next one tries again.
   */
  async upgrade(user: Pick<UserRow, 'id' | 'password_hash'>, password: string): Promise<void> {
    const cost = costOf(user.password_hash)
    if (cost === null || cost >= this.#deps.bcryptRounds) return
    try {
      await storeUpgrade(this.#deps.database, user, await this.hash(password))
    } catch {
      // A full queue or disk: the old hash is as good as it was.
    }
  }
}

function answerOf<Kind extends PasswordAnswer['kind']>(kind: Kind, answer: PasswordAnswer): Extract<PasswordAnswer, { kind: Kind }> {
  if (isOf(kind, answer)) return answer
  throw new Error(`The password thread answered "${answer.kind}" and was asked for "${kind}".`)
}

function isOf<Kind extends PasswordAnswer['kind']>(kind: Kind, answer: PasswordAnswer): answer is Extract<PasswordAnswer, { kind: Kind }> {
  return answer.kind === kind
}
