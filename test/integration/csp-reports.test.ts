import { afterAll, beforeEach, expect, test } from 'vitest'
import { findingOf, makeInstallation } from '../support/doctor-stage.ts'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import { CspReports } from '../../src/server/http/csp-reports.ts'
import { createLogger } from '../../src/server/platform/logger.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/* What browsers report of the content security policy (CSP 3, Reporting API), as whoever means well or not sends it. */

const lines: string[] = []
const clock = new TestClock()
const { url } = await startTestApp({
  onEnd: afterAll,
  clock,
  log: { write: (line) => void lines.push(line) },
  environment: { LOG_LEVEL: 'warn', RATE_LIMITS: 'reports=40' },
})
beforeEach(() => {
  clock.advance(3_600_000)
  lines.length = 0
})

const CLASSIC = 'application/csp-report'
const MODERN = 'application/reports+json'

const send = (body: string, type = CLASSIC, headers: Record<string, string> = {}) =>
  fetch(`${url}/csp-reports`, { method: 'POST', headers: { 'content-type': type, ...headers }, body })

const report = (over: Record<string, unknown> = {}) =>
  JSON.stringify({
    'csp-report': {
      'document-uri': `${url}/sessions/ses_1?x=s3cret`,
      'effective-directive': 'img-src',
      'blocked-uri': 'https://evil.test/s3cret',
      ...over,
    },
  })

const told = () => lines.filter((line) => line.includes('reports a violation'))

test('both forms are taken, told once an hour each kind, without what was in their addresses', async () => {
  for (let count = 0; count < 5; count += 1) expect((await send(report())).status).toBe(204)
  const body = { documentURL: `${url}/`, effectiveDirective: 'script-src-elem', blockedURL: 'inline', sample: 's3cret' }
  const modern = [
    { type: 'csp-violation', url, body },
    { type: 'deprecation', body: {} },
  ]
  expect((await send(JSON.stringify(modern), MODERN)).status).toBe(204)

  expect(told()).toHaveLength(2)
  expect(told()[0]).toMatch(/"directive":"img-src","blocked":"https:\/\/evil\.test","page":"\/sessions"/)
  expect(told()[1]).toMatch(/"directive":"script-src-elem","blocked":"inline","page":"\/"/)
  expect(lines.join()).not.toContain('s3cret')

  clock.advance(3_600_000)
  await send(report())
  expect(told()).toHaveLength(3)
})

test.for([
  ['another media type', '{}', 'application/json', 415],
  ['text', '{}', 'text/plain', 415],
  ['no JSON', '{', CLASSIC, 400],
  ['nothing', '', CLASSIC, 400],
  ['another shape', '{"csp-report":1}', CLASSIC, 400],
  ['nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`, MODERN, 400],
  ['a crowd', JSON.stringify(Array.from({ length: 21 }, () => ({ type: 'csp-violation', body: {} }))), MODERN, 400],
  ['size', report({ 'blocked-uri': 'x'.repeat(70_000) }), CLASSIC, 413],
] as const)('%s is refused and told to nobody', async ([, body, type, status]) => {
  const answer = await send(body, type)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) })
  expect(told()).toEqual([])
})

test('no other route takes the media types of reports', async () => {
  for (const type of [CLASSIC, MODERN]) {
    const answer = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': type }, body: '{}' })
    expect(answer.status).toBe(415)
  }
})

test('a page of another site and a foreign host name report nothing', async () => {
  expect((await send(report(), CLASSIC, { origin: 'https://evil.test' })).status).toBe(403)
  expect(told()).toEqual([])
})

test('reports of one address are limited', async () => {
  const seen = []
  for (let count = 0; count < 42; count += 1) seen.push((await send(report())).status)
  expect(seen.slice(40)).toEqual([429, 429])
})

test('what is made up cannot fill the memory or the log with words of its own', async () => {
  const logger = await createLogger('warn', 'json', { write: (line) => void lines.push(line) })
  const reports = new CspReports({ clock, logger })
  for (let count = 0; count < 1000; count += 1)
    reports.take({
      'csp-report': { 'document-uri': 'x\n<b>', 'effective-directive': 'Forged\nline', 'blocked-uri': `https://h${String(count)}.test/` },
    })
  const { total, kinds } = reports.seen()
  expect({ total, kinds: kinds.length }).toEqual({ total: 1000, kinds: 100 })
  expect(kinds[0]).toMatchObject({ directive: 'unknown', page: 'unknown', count: 1 })
  expect(told()).toHaveLength(100)
})

test('doctor tells what was seen', async () => {
  const server = new LiveServer(url, process.pid)
  const kinds = [{ directive: 'img-src', blocked: 'data:', page: '/', count: 7 }]
  const found = await findingOf('http-csp-reports', await makeInstallation({ server, violations: () => ({ total: 7, kinds }) }))
  expect(found).toMatchObject({ status: 'pass', evidence: expect.stringContaining('7. img-src blocked data: on / (7)') })
})
