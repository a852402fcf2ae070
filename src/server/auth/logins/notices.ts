import type { Kysely, Selectable } from 'kysely'
import { type LoginId, NoticeId, type UserId } from '#protocol/ids'
import { AccountNotice, type NoticeKind } from '#protocol/logins'
import type { Principal } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import type { NoticesTable } from '../../platform/schema-accounts.ts'
import { userTopic } from '../../platform/topics.ts'

/** Of more notices of one user the oldest go, read or not. */
const MAX_PER_USER = 200

const Facts = AccountNotice.shape.facts

export interface NewNotice {
  userId: UserId
  kind: NoticeKind
  device?: string
  address?: string
  loginId?: LoginId
  facts?: Record<string, string | number>
}

/** What the owner of an account should see: kept until read, and told to the devices that are connected. */
export class Notices {
  readonly #deps: { database: Kysely<Tables>; clock: Clock; bus: EventBus }

  constructor(deps: { database: Kysely<Tables>; clock: Clock; bus: EventBus }) {
    this.#deps = deps
  }

  /** Stores it in the transaction of what it tells of; hand the answer to {@link announce} once that is committed. */
  async add(db: Kysely<Tables>, { userId, kind, device, address, loginId, facts = {} }: NewNotice): Promise<AccountNotice> {
    const notice: AccountNotice = {
      id: NoticeId.parse(newId('ntc')),
      kind,
      at: this.#deps.clock.now().toISOString(),
      device: device ?? null,
      address: address ?? null,
      loginId: loginId ?? null,
      facts,
    }
    const { loginId: login_id, facts: _, ...rest } = notice
    await db
      .insertInto('notices')
      .values({ ...rest, user_id: userId, login_id, facts: JSON.stringify(facts), read_at: null })
      .execute()
    const newest = db.selectFrom('notices').select('id').where('user_id', '=', userId).orderBy('at', 'desc').limit(MAX_PER_USER)
    await db.deleteFrom('notices').where('user_id', '=', userId).where('id', 'not in', newest).execute()
    return notice
  }

  /** What the user has not read yet, the newest first; nobody is told of the login with which they ask. */
  async listUnread({ user, credential }: Principal): Promise<AccountNotice[]> {
    const own = credential.kind === 'login' ? credential.loginId : null
    const rows = await this.#deps.database
      .selectFrom('notices')
      .selectAll()
      .where('user_id', '=', user.id)
      .where('read_at', 'is', null)
      .where((is) => is.or([is('kind', '!=', 'new-login'), is('login_id', 'is distinct from', own)]))
      .orderBy('at', 'desc')
      .orderBy('id')
      .execute()
    return rows.map(toNotice)
  }

  /** Ids of other users' notices are passed over. */
  async markRead(ids: readonly NoticeId[], userId: UserId): Promise<void> {
    if (ids.length === 0) return
    await this.#deps.database
      .updateTable('notices')
      .set({ read_at: this.#deps.clock.now().toISOString() })
      .where('user_id', '=', userId)
      .where('read_at', 'is', null)
      .where('id', 'in', ids)
      .execute()
  }

  /** "Was that you?" needs no answer any more once its owner ended the login that it asks of. */
  async answerFor(db: Kysely<Tables>, logins: readonly LoginId[]): Promise<void> {
    if (logins.length === 0) return
    await db
      .updateTable('notices')
      .set({ read_at: this.#deps.clock.now().toISOString() })
      .where('kind', '=', 'new-login')
      .where('read_at', 'is', null)
      .where('login_id', 'in', logins)
      .execute()
  }

  announce(userId: UserId, notice: AccountNotice): void {
    this.#deps.bus.publish(userTopic(userId), JSON.stringify({ type: 'account-notice', notice }))
  }
}

function toNotice({ id, kind, at, device, address, login_id: loginId, facts }: Selectable<NoticesTable>): AccountNotice {
  return { id, kind, at, device, address, loginId, facts: Facts.parse(JSON.parse(facts)) }
}
