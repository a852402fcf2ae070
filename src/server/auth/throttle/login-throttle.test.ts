import { expect, test } from 'vitest'
import { TestClock } from '../../../../test/support/test-clock.ts'
import { createTestDatabase, insertUser } from '../../../../test/support/test-database.ts'
import type { Database } from '../../platform/database.ts'
import { TooManyAttemptsError } from '../auth-errors.ts'
import { type Attempt, LoginThrottle } from './login-throttle.ts'
import { TrustedDevices } from './trusted-devices.ts'

const HOUR = 3_600_000

async function setup() {
  const database = await createTestDatabase()
  const clock = new TestClock()
  const userId = await insertUser(database, { username: 'ada', password: 'unused words' })
  const devices = new TrustedDevices({ database, clock })
  return { database, clock, userId, devices, throttle: new LoginThrottle({ database, clock, devices }) }
}

/** From an address of its own, unless one is given. */
let nextAddress = 0
function attempt(given: Partial<Attempt> = {}): Attempt {
  nextAddress += 1
  return { address: `198.51.${String(nextAddress >> 8)}.${String(nextAddress & 255)}`, account: 'ada', deviceToken: null, ...given }
}

/** How long an attempt has to wait; 0 where it is let in, and then it counts as failed. */
async function waitFor(throttle: LoginThrottle, given: Attempt): Promise<number> {
  try {
    await throttle.admit(given)
    return 0
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return error.retryAfter ?? Number.NaN
    throw error
  }
}

async function waits(throttle: LoginThrottle, count: number, given: (index: number) => Attempt): Promise<number[]> {
  const seconds = []
  for (let index = 0; index < count; index += 1) seconds.push(await waitFor(throttle, given(index)))
  return seconds
}

const limited = async (database: Database) =>
  (await database.selectFrom('audit_log').selectAll().where('action', '=', 'auth.login_limited').execute()).map(({ actor, details }) => ({
    actor,
    ...(JSON.parse(details) as object),
  }))

test('five failures of an account are free, then the wait doubles, from wherever they come', async () => {
  const { throttle, clock } = await setup()

  expect(await waits(throttle, 7, () => attempt())).toEqual([0, 0, 0, 0, 0, 4, 4])
  for (const seconds of [4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
    expect(await waitFor(throttle, attempt())).toBe(seconds)
    clock.advance(seconds * 1000 - 1)
    expect(await waitFor(throttle, attempt())).toBe(1)
    clock.advance(1)
    expect(await waitFor(throttle, attempt())).toBe(0)
  }
})

test('an account that does not exist is counted the same', async () => {
  const { throttle } = await setup()

  expect(await waits(throttle, 7, () => attempt({ account: 'nobody' }))).toEqual([0, 0, 0, 0, 0, 4, 4])
})

test('twenty failures of an address are free, whichever accounts they are about', async () => {
  const { throttle } = await setup()
  const spray = (index: number) => attempt({ address: '203.0.113.9', account: index % 2 === 0 ? `user${String(index)}` : null })

  expect(await waits(throttle, 21, spray)).toEqual([...Array.from({ length: 20 }, () => 0), 4])
  expect(await waitFor(throttle, attempt({ address: '203.0.113.10', account: 'user0' }))).toBe(0)
})

test('the addresses of one IPv6 network count as one', async () => {
  const { throttle } = await setup()
  const hop = (index: number) => attempt({ address: `2001:db8:1:2::${index.toString(16)}`, account: null })

  expect((await waits(throttle, 21, hop)).at(-1)).toBe(4)
  expect(await waitFor(throttle, attempt({ address: '2001:db8:1:3::1', account: null }))).toBe(0)
})

test('of fifty attempts at once no more are let in than are free', async () => {
  const { throttle } = await setup()

  const seconds = await Promise.all(Array.from({ length: 50 }, () => waitFor(throttle, attempt())))

  expect(seconds.filter((each) => each === 0)).toHaveLength(5)
})

test('delays survive a restart', async () => {
  const { database, clock, devices, throttle } = await setup()
  await waits(throttle, 6, () => attempt())

  const restarted = new LoginThrottle({ database, clock, devices })

  expect(await waitFor(restarted, attempt())).toBe(4)
})

test('failures are forgotten a day after the last', async () => {
  const { throttle, clock, database } = await setup()
  await waits(throttle, 5, () => attempt())
  clock.advance(23 * HOUR)
  expect(await waits(throttle, 2, () => attempt())).toEqual([0, 8])

  clock.advance(24 * HOUR)

  expect(await waits(throttle, 6, () => attempt())).toEqual([0, 0, 0, 0, 0, 4])
  const { failures } = await database
    .selectFrom('login_throttles')
    .select('failures')
    .where('key', 'like', 'account:%')
    .executeTakeFirstOrThrow()
  expect(failures).toBe(5)
})

test('a success forgets the failures of the account, and of the address only itself', async () => {
  const { throttle } = await setup()
  const address = '203.0.113.9'
  await waits(throttle, 15, (index) => attempt({ address, account: `user${String(index)}` }))
  await waits(throttle, 3, () => attempt({ address }))

  await (await throttle.admit(attempt({ address }))).succeeded()

  expect(await waits(throttle, 3, () => attempt({ address }))).toEqual([0, 0, 4])
  expect(await waits(throttle, 4, () => attempt())).toEqual([0, 0, 0, 4])
})

test('an attempt that was no guess is given back, with the delay that it brought', async () => {
  const { throttle } = await setup()
  await waits(throttle, 4, () => attempt())

  for (let round = 0; round < 3; round += 1) await (await throttle.admit(attempt())).refund()

  expect(await waits(throttle, 2, () => attempt())).toEqual([0, 4])
})

test('a stranger who guesses does not keep a trusted browser out, nor is he helped by it', async () => {
  const { throttle, devices, userId } = await setup()
  const deviceToken = await devices.renew(null, userId)
  const address = '203.0.113.9'
  await waits(throttle, 30, () => attempt({ address }))
  await waits(throttle, 30, () => attempt({ address, account: null }))

  const admission = await throttle.admit(attempt({ address, deviceToken }))

  expect(admission.isTrusted).toBe(true)
  await admission.succeeded()
  expect(await waitFor(throttle, attempt())).toBe(4)
})

test('a trusted browser is slowed down by its own failures alone', async () => {
  const { throttle, devices, userId } = await setup()
  const deviceToken = await devices.renew(null, userId)

  expect(await waits(throttle, 7, () => attempt({ deviceToken }))).toEqual([0, 0, 0, 0, 0, 4, 4])
  expect((await throttle.admit(attempt())).isTrusted).toBe(false)
})

test.for(['', 'x', 'x'.repeat(43), '.'.repeat(100), `${'x'.repeat(43)}.`.repeat(1000)])(
  'a made-up device cookie (%#) is worth nothing',
  async (deviceToken) => {
    const { throttle } = await setup()

    expect((await throttle.admit(attempt({ deviceToken }))).isTrusted).toBe(false)
  },
)

test('a browser is trusted by those who signed in with it, for 400 days, and by nobody else', async () => {
  const { throttle, devices, userId, database, clock } = await setup()
  const eve = await insertUser(database, { username: 'eve', password: 'unused words' })
  const trusts = async (account: string, deviceToken: string) => (await throttle.admit(attempt({ account, deviceToken }))).isTrusted
  const first = await devices.renew(null, userId)
  expect([await trusts('ada', first), await trusts('eve', first)]).toEqual([true, false])

  const both = await devices.renew(first, eve)

  expect([await trusts('ada', both), await trusts('eve', both)]).toEqual([true, true])
  const renewed = await devices.renew(both, userId)
  expect([await trusts('ada', renewed), await trusts('eve', renewed), await trusts('ada', both)]).toEqual([true, true, false])
  clock.advance(400 * 24 * HOUR)
  expect([await trusts('ada', renewed), await trusts('eve', renewed)]).toEqual([false, false])
})

test('other browsers are forgotten, this one is not', async () => {
  const { devices, database, userId } = await setup()
  const mine = await devices.renew(null, userId)
  const other = await devices.renew(null, userId)

  await devices.forgetOthers(userId, mine)

  expect(await devices.find(database, mine, 'ada')).not.toBeNull()
  expect(await devices.find(database, other, 'ada')).toBeNull()
})

test('neither devices nor counters grow without end', async () => {
  const { devices, database, throttle, userId, clock } = await setup()
  for (let count = 0; count < 110; count += 1) {
    clock.advance(1)
    await devices.renew(null, userId)
  }
  expect(await countOf(database, 'trusted_devices')).toBe(100)
  await waits(throttle, 3, () => attempt())
  clock.advance(25 * HOUR)

  await waits(new LoginThrottle({ database, clock, devices }), 1, (): Attempt => attempt({ account: null, address: '203.0.113.9' }))

  expect(await countOf(database, 'login_throttles')).toBe(1)
})

test('a limit that was reached is recorded once for each wait, without the name where it is nobody', async () => {
  const { throttle, clock, database } = await setup()
  await waits(throttle, 5 + 10, () => attempt())
  await waits(throttle, 5 + 10, () => attempt({ account: 'my password by mistake' }))
  clock.advance(4000)
  await waits(throttle, 1 + 10, () => attempt())

  expect(await limited(database)).toEqual([
    { actor: 'ada', by: 'account', failures: 5, retryAfter: 4 },
    { actor: 'unknown', by: 'account', failures: 5, retryAfter: 4 },
    { actor: 'ada', by: 'account', failures: 6, retryAfter: 8 },
  ])
  const stored = JSON.stringify(await database.selectFrom('login_throttles').selectAll().execute())
  expect(stored).not.toMatch(/mistake|198\.51/)
})

test('failures are added up for the owner, until they were told', async () => {
  const { throttle, devices, userId } = await setup()
  const deviceToken = await devices.renew(null, userId)
  await waits(throttle, 20, () => attempt())
  await waits(throttle, 2, () => attempt({ deviceToken }))
  await (await throttle.admit(attempt({ deviceToken }))).refund()
  await (await throttle.admit(attempt({ deviceToken }))).succeeded()

  expect(await throttle.takeFailures('ada')).toBe(7)
  expect(await throttle.takeFailures('ada')).toBe(0)
})

const countOf = async (database: Database, table: 'trusted_devices' | 'login_throttles') =>
  (await database.selectFrom(table).selectAll().execute()).length

test('an attempt that was no guess leaves nobody waiting, and puts off nothing', async () => {
  const { throttle, clock } = await setup()
  const office = (account: string) => attempt({ address: '203.0.113.9', account })
  await waits(throttle, 20, (index) => office(`typo ${String(index)}`))
  clock.advance(4000)

  // Asked for the second factor, and then given it.
  await (await throttle.admit(office('ada'))).refund()
  await (await throttle.admit(office('ada'))).succeeded()

  expect(await waitFor(throttle, office('bob'))).toBe(0)
  expect(await waitFor(throttle, office('eve'))).toBe(8)
})

test('failures are forgotten a day after the last one, however often somebody signed in since', async () => {
  const { throttle, clock } = await setup()
  const office = (account: string) => attempt({ address: '203.0.113.9', account })
  await waits(throttle, 20, (index) => office(`typo ${String(index)}`))
  clock.advance(23 * HOUR)
  await (await throttle.admit(office('ada'))).succeeded()
  clock.advance(HOUR)

  expect(await waits(throttle, 21, (index) => office(`typo ${String(index)}`))).toEqual([...Array.from({ length: 20 }, () => 0), 4])
})

test('of attempts at once that were no guesses only their own part is taken back', async () => {
  const { throttle } = await setup()
  const first = await throttle.admit(attempt())
  await waits(throttle, 4, () => attempt())

  await first.refund()

  expect(await waits(throttle, 2, () => attempt())).toEqual([0, 4])
})
