import { expect, test } from 'vitest'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import { findingOf, makeInstallation } from '../support/doctor-stage.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

const PATH = '/.well-known/security.txt'

test('it names the contacts in their order and ends within a year, on a later day later (RFC 9116)', async () => {
  const clock = new TestClock()
  const contacts = 'mailto:security@example.org,https://example.org/report'
  const { url } = await startTestApp({ clock, environment: { SECURITY_CONTACT: contacts, TRUST_PROXY: '127.0.0.1' } })
  const expiry = async () => Date.parse(/^Expires: (.+)$/m.exec(await (await fetch(url + PATH)).text())?.[1] ?? '')

  const answer = await fetch(url + PATH, { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'localhost' } })
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  const lines = (await answer.text()).split('\n')
  expect(lines.slice(0, 2)).toEqual(['Contact: mailto:security@example.org', 'Contact: https://example.org/report'])
  expect(lines).toContain(`Canonical: https://localhost${PATH}`)

  const first = await expiry()
  const days = (first - clock.now().getTime()) / 86_400_000
  expect(days).toBeGreaterThan(170)
  expect(days).toBeLessThan(365)
  clock.advance(2 * 86_400_000)
  expect(await expiry()).toBe(first + 2 * 86_400_000)
  expect(await (await fetch(url + PATH)).text()).not.toContain('Canonical')

  const stage = { settings: { SECURITY_CONTACT: contacts }, server: new LiveServer(url, process.pid) }
  expect(await findingOf('http-security-txt', await makeInstallation(stage))).toMatchObject({ status: 'pass' })
})

test('where nobody is named there is no such file, and doctor asks for one where others reach the server', async () => {
  const { url } = await startTestApp()
  expect((await fetch(url + PATH)).status).toBe(404)
  const id = 'http-security-txt'
  expect(await findingOf(id, await makeInstallation())).toMatchObject({ status: 'not-applicable' })
  expect(await findingOf(id, await makeInstallation({ settings: { ALLOWED_HOSTS: 'code.example.org' } }))).toMatchObject({ status: 'warn' })
  const settings = { SECURITY_CONTACT: 'mailto:a@example.org' }
  expect(await findingOf(id, await makeInstallation({ settings, server: new LiveServer(url, process.pid) }))).toMatchObject({
    status: 'fail',
  })
})
