import { expect, test } from 'vitest'
import { RATE_CLASSES } from '../../src/server/platform/rate-classes.ts'
import { rateClassOf, ROUTE_RULES } from '../../src/server/http/permission-table.ts'
import { callApi, register } from '../support/api-client.ts'
import { routesOf } from '../support/schema-samples.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/* How many requests a user and an address may make, as draft-ietf-httpapi-ratelimit-headers-10 and RFC 9110 (10.2.3) tell it. */

const PROXY = { TRUST_PROXY: '127.0.0.1' }

async function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const answer = await fetch(`${url}${path}`, { method, headers })
  await answer.arrayBuffer()
  return { status: answer.status, headers: answer.headers, left: Number(/;r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]) }
}

test('every route tells its class with its answer, and what is public says its class itself', { timeout: 60_000 }, async () => {
  const { url, setupCode } = await startTestApp()
  const { token } = await register(url, setupCode)
  const routes = routesOf((await callApi(url, 'GET', '/openapi.json')).body)
  expect(routes.length).toBeGreaterThan(60)
  for (const { name, method, pathWith } of routes) {
    const rule = ROUTE_RULES[name]
    if (!rule) throw new Error(`${name} is not in the table.`)
    if (rule.permission === 'public') expect(['sign-in', 'anonymous'], name).toContain(rule.rate)
    if (name.includes('/logout')) continue
    const rateClass = rateClassOf(method, rule)
    const { headers } = await ask(url, `/api${pathWith({})}`, { authorization: `Bearer ${token}` }, method)
    expect(headers.get('ratelimit-policy'), name).toBe(`"${rateClass}";q=${String(RATE_CLASSES[rateClass])};w=60`)
    expect(headers.get('ratelimit'), name).toMatch(new RegExp(`^"${rateClass}";r=\\d+;t=\\d+$`))
  }
})

test('over its share a user is refused with the time to wait, other users and other classes are not', async () => {
  const clock = new TestClock()
  const { url, setupCode } = await startTestApp({ clock, environment: { ...PROXY, RATE_LIMITS: 'reading=4,writing=50' } })
  const { token } = await register(url, setupCode)
  const bearer = { authorization: `Bearer ${token}` }

  const answers = []
  for (let count = 0; count < 6; count += 1)
    answers.push(await ask(url, '/api/projects', { ...bearer, 'x-forwarded-for': `10.0.0.${String(count)}` }))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429])
  expect(answers.map(({ left }) => left)).toEqual([3, 2, 1, 0, 0, 0])
  expect(answers[4]?.headers.get('retry-after')).toBe('15')
  expect(answers[4]?.headers.get('ratelimit')).toBe('"reading";r=0;t=15')
  expect((await ask(url, '/api/auth/status')).status).toBe(200)
  expect((await ask(url, '/api/policy/test', bearer, 'POST')).status).not.toBe(429)

  clock.advance(15_000)
  expect((await ask(url, '/api/projects', bearer)).status).toBe(200)
  expect((await ask(url, '/api/projects', bearer)).status).toBe(429)
})

test('an address is refused before its credential is looked at: a /64 counts as one, and no stranger names another', async () => {
  const from = (address: string) => ({ authorization: 'Bearer x.y.z', 'x-forwarded-for': address })
  const clock = new TestClock()
  const believing = await startTestApp({ clock, environment: { ...PROXY, RATE_LIMITS: 'reading=1' } })
  const seen = []
  for (const end of [1, 2, 3, 4, 5]) seen.push((await ask(believing.url, '/api/projects', from(`2001:db8:1:2::${String(end)}`))).status)
  expect(seen).toEqual([401, 401, 401, 401, 429])
  expect((await ask(believing.url, '/api/projects', from('2001:db8:1:3::1'))).status).toBe(401)

  const doubting = await startTestApp({ clock, environment: { RATE_LIMITS: 'reading=1' } })
  const spoofed = []
  for (const end of [1, 2, 3, 4, 5]) spoofed.push((await ask(doubting.url, '/api/projects', from(`10.0.0.${String(end)}`))).status)
  expect(spoofed).toEqual([401, 401, 401, 401, 429])
})

test('what is refused is told in the log once a minute, not with every request', async () => {
  const lines: string[] = []
  const log = { write: (line: string) => void lines.push(line) }
  const { url } = await startTestApp({ clock: new TestClock(), log, environment: { LOG_LEVEL: 'info', RATE_LIMITS: 'anonymous=2' } })
  for (let count = 0; count < 30; count += 1) await ask(url, '/api/health')
  expect(lines.filter((line) => line.includes('too many requests'))).toHaveLength(1)
  expect(lines.filter((line) => line.includes('"status":429'))).toEqual([])
})

test('pages, and addresses at which there is nothing, are counted too', async () => {
  const { url } = await startTestApp({ clock: new TestClock(), environment: { RATE_LIMITS: 'anonymous=3' } })
  const seen = []
  for (const path of ['/', '/api/there-is-no-such-route', '/.env', '/']) seen.push((await ask(url, path)).status)
  expect(seen[3]).toBe(429)
  expect(seen.slice(0, 3)).not.toContain(429)
})
