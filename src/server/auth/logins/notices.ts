import type { Kysely } from 'kysely'
import { type LoginId, NoticeId, type UserId } from '#protocol/ids'
import type { AccountNotice, NoticeKind } from '#protocol/logins'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { userTopic } from '../../platform/topics.ts'

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
    return notice
  }

  announce(userId: UserId, notice: AccountNotice): void {
    this.#deps.bus.publish(userTopic(userId), JSON.stringify({ type: 'account-notice', notice }))
  }
}
