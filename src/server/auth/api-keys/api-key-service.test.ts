import { expect, test } from 'vitest'
import { LoginId } from '#protocol/ids'
import { createTestDatabase, insertUser } from '../../../../test/support/test-database.ts'
import { TestClock } from '../../../../test/support/test-clock.ts'
import type { Principal } from '../../http/principal.ts'
import { LocalEventBus } from '../../platform/event-bus.ts'
import { AuthRepository } from '../auth-repository.ts'
import { Notices } from '../logins/notices.ts'
import { ApiKeyService } from './api-key-service.ts'

const AT = '2026-11-01T12:00:00.000Z'
const LOGIN = LoginId.parse('log_1')

test('a key that was asked for by a login that ended meanwhile is not made', async () => {
  const database = await createTestDatabase()
  const [clock, bus] = [new TestClock(AT), new LocalEventBus()]
  const id = await insertUser(database, { username: 'ada', password: 'unused words' })
  const logins = new AuthRepository(database)
  const device = { device: 'Firefox on Linux', address: '127.0.0.1' }
  const times = { created_at: AT, last_used_at: AT, expires_at: '2099-01-01T00:00:00.000Z', fresh_at: AT }
  await logins.insertLogin({ id: LOGIN, user_id: id, method: 'password', ended_at: null, end_reason: null, ...device, ...times })
  const keys = new ApiKeyService({ database, clock, bus, notices: new Notices({ database, clock, bus }) })
  /** As the request was let in, before the login ended. */
  const principal: Principal = {
    user: { id, username: 'ada', role: 'member', createdAt: AT, lastLoginAt: null },
    credential: { kind: 'login', loginId: LOGIN, freshUntil: Number.MAX_SAFE_INTEGER },
    scopes: new Set(['read']),
    device: 'Firefox on Linux',
  }
  const make = () => keys.create({ name: 'build server', scopes: ['read'] }, principal, device)
  await make()
  await logins.endLogins({ userId: id }, AT, 'account disabled')

  await expect(make()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })

  expect(await keys.list(id)).toHaveLength(1)
})
