import { expect, test } from 'vitest'
import { PASSWORD, register, signIn } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/*
 * Proving again who one is, without a second factor; with one in second-factors.test.ts.
 */

const MINUTES = 60_000

async function setup() {
  const clock = new TestClock()
  const server = await startTestApp({ clock })
  return { ...server, clock, device: await register(server.url, server.setupCode) }
}

test('the password makes this login fresh for five minutes, once, and leaves its socket open', async () => {
  const { clock, device, url } = await setup()
  const other = await signIn(url)
  const socket = await device.connect()
  clock.advance(6 * MINUTES)

  const answer = await device.request('POST', '/auth/step-up', { body: { password: PASSWORD } })

  expect(answer).toMatchObject({ status: 200, body: { freshUntil: new Date(clock.now().getTime() + 5 * MINUTES).toISOString() } })
  await socket.roundTrip()
  expect((await other.request('GET', '/auth/user')).status).toBe(200)
})

test('a wrong password is refused, recorded, and slowed down', async () => {
  const { device, database } = await setup()
  const guess = () => device.request('POST', '/auth/step-up', { body: { password: 'not the password' } })

  expect(await guess()).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })

  const entries = await database.selectFrom('audit_log').select(['actor', 'action', 'details']).orderBy('at').execute()
  expect(entries.at(-1)).toEqual({ actor: 'ada', action: 'auth.step_up_failed', details: '{"method":"password"}' })
  const statuses = []
  for (let count = 0; count < 5; count += 1) statuses.push((await guess()).status)
  expect(statuses.at(-1)).toBe(429)
  expect((await device.request('POST', '/auth/step-up', { body: { password: PASSWORD } })).status).toBe(429)
})

test('without anything to prove it by the request is not understood', async () => {
  const { device } = await setup()

  expect(await device.request('POST', '/auth/step-up', { body: {} })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
})
