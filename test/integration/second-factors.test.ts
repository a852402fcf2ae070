import { expect, test } from 'vitest'
import { callApi, Device, PASSWORD, register, signIn } from '../support/api-client.ts'
import { enrolPasskey, enrolTotp, signInWith, totpCode } from '../support/factor-steps.ts'
import { SoftwareAuthenticator } from '../support/software-authenticator.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/*
 * Authenticator apps, recovery codes, and step-up with them, over HTTP.
 */

const STEP = 30_000
const MINUTES = 60_000

async function setup() {
  const clock = new TestClock()
  const server = await startTestApp({ clock })
  const device = await register(server.url, server.setupCode)
  return { ...server, clock, device }
}

async function setupTotp() {
  const parts = await setup()
  const factor = await enrolTotp(parts.device, parts.clock)
  parts.clock.advance(STEP)
  return { ...parts, ...factor }
}

const invalidCode = { status: 401, body: { code: 'INVALID_CODE' } }

test('an authenticator app has no force until a code confirmed it, and is made anew until then', async () => {
  const { device, url, clock } = await setup()
  const first = (await device.request('POST', '/auth/factors/totp')).body
  const second = (await device.request('POST', '/auth/factors/totp')).body as { secret: string; uri: string }

  expect(second).toEqual({
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    uri: expect.stringMatching(/^otpauth:\/\/totp\/AI%20Code%20UI/),
  })
  expect(second).not.toEqual(first)
  expect(second.uri).toContain(encodeURIComponent('ada@127.0.0.1'))
  expect((await signInWith(url)).status).toBe(200)

  expect(await device.request('POST', '/auth/factors/totp/confirm', { body: { code: '000000' } })).toMatchObject(invalidCode)
  const code = await totpCode(second.secret, clock)
  const confirmed = await device.request('POST', '/auth/factors/totp/confirm', { body: { code: `${code.slice(0, 3)} ${code.slice(3)}` } })

  expect(confirmed.status).toBe(200)
  const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] }
  expect(new Set(recoveryCodes).size).toBe(10)
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({
    totp: { enabledAt: clock.now().toISOString() },
    recoveryCodesLeft: 10,
    stepUp: ['totp', 'recovery-code'],
  })
  expect(await device.request('POST', '/auth/factors/totp')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(await device.request('POST', '/auth/factors/totp/confirm', { body: { code } })).toMatchObject({ status: 409 })
})

test('a sign-in asks for the code, takes each once, and remembers how it was proven', async () => {
  const { url, clock, secret, database } = await setupTotp()

  expect(await signInWith(url)).toMatchObject({
    status: 401,
    body: { code: 'TOTP_REQUIRED', details: { factors: ['totp', 'recovery-code'] } },
  })
  const code = await totpCode(secret, clock)
  const device = new Device(url, await signInWith(url, { totp: code }))
  expect(await signInWith(url, { totp: code })).toMatchObject(invalidCode)

  const { method } = await database.selectFrom('logins').select('method').orderBy('created_at', 'desc').executeTakeFirstOrThrow()
  expect(method).toBe('password+totp')
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({
    freshUntil: new Date(clock.now().getTime() + 5 * MINUTES).toISOString(),
  })
})

test('the code that confirmed the app, and any older than one that was used, sign nobody in', async () => {
  const { device, url, clock } = await setup()
  const { secret } = await enrolTotp(device, clock)
  const confirming = await totpCode(secret, clock)

  expect(await signInWith(url, { totp: confirming })).toMatchObject(invalidCode)
  clock.advance(STEP)
  expect((await signInWith(url, { totp: await totpCode(secret, clock) })).status).toBe(200)
  expect(await signInWith(url, { totp: confirming })).toMatchObject(invalidCode)
})

test('of two sign-ins with the same code at once one wins, with an app as with a recovery code', async () => {
  const { url, clock, secret, recoveryCodes } = await setupTotp()
  const totp = await totpCode(secret, clock)

  for (const code of [totp, recoveryCodes[0]]) {
    const answers = await Promise.all([signInWith(url, { totp: code }), signInWith(url, { totp: code })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  }
})

test('a recovery code signs in once, however it is typed, and the owner is told', async () => {
  const { url, device, recoveryCodes, database } = await setupTotp()
  const code = recoveryCodes[3] ?? ''

  expect((await signInWith(url, { totp: code.toUpperCase().replaceAll('-', ' ') })).status).toBe(200)

  expect(await signInWith(url, { totp: code })).toMatchObject(invalidCode)
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ recoveryCodesLeft: 9 })
  const notices = await database.selectFrom('notices').select(['kind', 'facts']).where('kind', '=', 'recovery-code-used').execute()
  expect(notices).toEqual([{ kind: 'recovery-code-used', facts: '{"left":9}' }])
})

test('new recovery codes void the old ones, and without a factor there are none', async () => {
  const { url, device, recoveryCodes } = await setupTotp()

  const made = await device.request('POST', '/auth/factors/recovery-codes')

  const fresh = (made.body as { recoveryCodes: string[] }).recoveryCodes
  expect(fresh).toHaveLength(10)
  expect(await signInWith(url, { totp: recoveryCodes[0] })).toMatchObject(invalidCode)
  expect((await signInWith(url, { totp: fresh[0] })).status).toBe(200)
  expect((await device.request('DELETE', '/auth/factors/totp')).status).toBe(204)
  expect(await device.request('POST', '/auth/factors/recovery-codes')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
})

test('without its last factor the account asks for the password alone, and its recovery codes are gone', async () => {
  const { url, device, database } = await setupTotp()

  expect((await device.request('DELETE', '/auth/factors/totp')).status).toBe(204)

  expect((await signInWith(url)).status).toBe(200)
  expect(await database.selectFrom('recovery_codes').selectAll().execute()).toEqual([])
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ totp: null, recoveryCodesLeft: 0, stepUp: ['password'] })
  expect(await device.request('DELETE', '/auth/factors/totp')).toMatchObject({ status: 404 })
})

test('recovery codes stay while another factor does', async () => {
  const { url, device, recoveryCodes } = await setupTotp()
  const byName = new Device(url.replace('127.0.0.1', 'localhost'), await signInWith(url, { totp: recoveryCodes[0] }))
  const passkey = await enrolPasskey(byName, new SoftwareAuthenticator(byName.url))

  expect((await device.request('DELETE', '/auth/factors/totp')).status).toBe(204)
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ recoveryCodesLeft: 9, stepUp: ['passkey', 'recovery-code'] })
  expect((await device.request('DELETE', `/auth/factors/passkeys/${passkey.id}`)).status).toBe(204)

  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ recoveryCodesLeft: 0, stepUp: ['password'] })
})

test('after five wrong codes the sixth has to wait, also when the right password is repeated between them', async () => {
  const { url } = await setupTotp()
  const statuses = []
  for (let count = 0; count < 6; count += 1) {
    statuses.push((await signInWith(url, { totp: '000000' })).status)
    await signInWith(url)
  }

  expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
})

test('asking for the factor is no failed attempt', async () => {
  const { url, clock, secret } = await setupTotp()

  for (let count = 0; count < 12; count += 1) expect((await signInWith(url)).status).toBe(401)

  expect((await signInWith(url, { totp: await totpCode(secret, clock) })).status).toBe(200)
})

test('factors change only on a login that was proven within five minutes, and a step-up takes the factor, not the password', async () => {
  const { device, url, clock, secret } = await setupTotp()
  const other = new Device(url, await signInWith(url, { totp: await totpCode(secret, clock) }))
  clock.advance(5 * MINUTES)
  const refused = { status: 403, body: { code: 'STEP_UP_REQUIRED' } }
  expect(await device.request('DELETE', '/auth/factors/totp')).toMatchObject(refused)

  expect(await device.request('POST', '/auth/step-up', { body: { password: PASSWORD } })).toMatchObject({
    status: 401,
    body: { code: 'TOTP_REQUIRED', details: { factors: ['totp', 'recovery-code'] } },
  })
  expect(await device.request('POST', '/auth/step-up', { body: { code: '000000' } })).toMatchObject(invalidCode)
  const proven = await device.request('POST', '/auth/step-up', { body: { code: await totpCode(secret, clock) } })

  expect(proven).toMatchObject({ status: 200, body: { freshUntil: new Date(clock.now().getTime() + 5 * MINUTES).toISOString() } })
  expect((await device.request('POST', '/auth/factors/recovery-codes')).status).toBe(200)
  expect(await other.request('DELETE', '/auth/factors/totp')).toMatchObject(refused)
  clock.advance(5 * MINUTES - 1)
  expect((await device.request('POST', '/auth/factors/recovery-codes')).status).toBe(200)
  clock.advance(1)
  expect(await device.request('POST', '/auth/factors/recovery-codes')).toMatchObject(refused)
})

test('what happened to factors is in the audit log, and no secret is', async () => {
  const { url, device, clock, secret, recoveryCodes, database } = await setupTotp()
  await signInWith(url)
  await signInWith(url, { totp: '000000' })
  const code = await totpCode(secret, clock)
  await signInWith(url, { totp: code })
  await signInWith(url, { totp: recoveryCodes[0] })
  await device.request('DELETE', '/auth/factors/totp')

  const entries = await database.selectFrom('audit_log').selectAll().where('action', 'like', 'auth.%').execute()

  const actions = entries.map(({ action }) => action)
  expect(actions).toEqual(
    expect.arrayContaining([
      'auth.totp_enabled',
      'auth.recovery_codes_made',
      'auth.factor_asked',
      'auth.recovery_code_used',
      'auth.totp_disabled',
    ]),
  )
  const notices = await database.selectFrom('notices').select(['kind', 'facts']).orderBy('at').execute()
  expect(notices.filter(({ kind }) => kind.startsWith('factor-'))).toEqual([
    { kind: 'factor-added', facts: '{"factor":"totp"}' },
    { kind: 'factor-removed', facts: '{"factor":"totp"}' },
  ])
  const stored = JSON.stringify([entries, await database.selectFrom('recovery_codes').selectAll().execute()])
  for (const value of [secret, code, ...recoveryCodes]) expect(stored).not.toContain(value)
})

test('one account knows nothing of the factors of another', async () => {
  const { url, device, clock, secret } = await setupTotp()
  expect((await device.request('GET', '/auth/user')).status).toBe(200)
  const answer = await signInWith(url, { totp: await totpCode(secret, clock) }, 'nobody')

  expect(answer).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
  expect((answer.body as { details?: unknown }).details).toBeUndefined()
})

test('a refresh makes no login fresh', async () => {
  const { device, url, clock } = await setup()
  const login = await signIn(url)
  clock.advance(5 * MINUTES)
  const refreshed = new Device(url, await callApi(url, 'POST', '/auth/refresh', { headers: { cookie: login.refreshCookie } }))

  expect((await refreshed.request('GET', '/auth/factors')).body).toMatchObject({ freshUntil: null })
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ freshUntil: null })
})
