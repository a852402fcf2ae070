import { beforeEach, expect, test } from 'vitest'
import { type ApiAnswer, callApi, Device, register } from '../support/api-client.ts'
import { enrolPasskey, signInWith } from '../support/factor-steps.ts'
import { SoftwareAuthenticator } from '../support/software-authenticator.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/*
 * Passkeys over HTTP with a key made of software; with a browser's own in the browser tests.
 */

const MINUTES = 60_000

let server: TestApp
let clock: TestClock
/** Of the same server by name, since an IP address is no place for a passkey. */
let url: string
let device: Device
let key: SoftwareAuthenticator

beforeEach(async () => {
  clock = new TestClock()
  server = await startTestApp({ clock })
  url = server.url.replace('127.0.0.1', 'localhost')
  device = await register(url, server.setupCode)
  key = new SoftwareAuthenticator(url)
})

const challengeFor = (path: string, as: Device | null = null) => (as ? as.request('POST', path) : callApi(url, 'POST', path))
const signInChallenge = async () => (await challengeFor('/auth/passkeys/challenge')).body
const signInWithPasskey = (body: unknown) => callApi(url, 'POST', '/auth/passkeys/login', { body })
const askedFor = ({ body }: ApiAnswer) => (body as { details: { factors: string[]; passkey?: unknown } }).details
const lastAudit = (action: string) =>
  server.database.selectFrom('audit_log').select(['actor', 'details']).where('action', '=', action).orderBy('at', 'desc').executeTakeFirst()

const refused = { status: 401, body: { code: 'INVALID_CODE' } }

test('a passkey is made, listed, renamed and removed', async () => {
  const asked = await challengeFor('/auth/factors/passkeys/challenge', device)
  expect(asked.body).toMatchObject({
    options: {
      rp: { id: 'localhost', name: 'AI Code UI' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      attestation: 'none',
    },
  })
  const made = await device.request('POST', '/auth/factors/passkeys', { body: { ...key.create(asked.body), name: ' Blue key ' } })

  expect(made).toMatchObject({ status: 201, body: { name: 'Blue key', rpId: 'localhost', backedUp: false, lastUsedAt: null } })
  const { id } = made.body as { id: string }
  expect((await device.request('PATCH', `/auth/factors/passkeys/${id}`, { body: { name: 'Red key' } })).body).toMatchObject({
    name: 'Red key',
  })
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({
    passkeys: [{ id, name: 'Red key' }],
    canAddPasskey: true,
    stepUp: ['passkey'],
  })
  expect((await device.request('DELETE', `/auth/factors/passkeys/${id}`)).status).toBe(204)
  expect(await device.request('DELETE', `/auth/factors/passkeys/${id}`)).toMatchObject({ status: 404 })
  const actions = (await server.database.selectFrom('audit_log').select('action').orderBy('at').execute()).map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['auth.passkey_added', 'auth.passkey_renamed', 'auth.passkey_removed']))
})

test('the same key is not taken twice, and the browser is told which ones are known', async () => {
  await enrolPasskey(device, key)
  const asked = await challengeFor('/auth/factors/passkeys/challenge', device)

  expect(asked.body).toMatchObject({ options: { excludeCredentials: [{ id: key.credentialId }] } })
  expect(await device.request('POST', '/auth/factors/passkeys', { body: { ...key.create(asked.body), name: 'Again' } })).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT' },
  })
})

test('of twenty passkeys the twentieth is the last', async () => {
  for (let count = 0; count < 20; count += 1) await enrolPasskey(device, new SoftwareAuthenticator(url), `Key ${String(count)}`)

  expect(await challengeFor('/auth/factors/passkeys/challenge', device)).toMatchObject({ status: 409 })
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ canAddPasskey: false })
})

test('a passkey alone signs in, counts as both factors, and is fresh', async () => {
  await enrolPasskey(device, key)
  clock.advance(1)

  const answer = await signInWithPasskey(key.get(await signInChallenge()))

  const signedIn = new Device(url, answer)
  expect(signedIn.user.username).toBe('ada')
  expect(signedIn.refreshCookie).not.toBe('')
  expect((await signedIn.request('GET', '/auth/factors')).body).toMatchObject({
    freshUntil: new Date(clock.now().getTime() + 5 * MINUTES).toISOString(),
    passkeys: [{ lastUsedAt: clock.now().toISOString() }],
  })
  expect(await lastAudit('auth.login')).toMatchObject({ actor: 'ada', details: expect.stringContaining('"passkey"') })
})

test('a passkey alone tells of the attempts with passwords that failed before, once', async () => {
  await enrolPasskey(device, key)
  for (let count = 0; count < 5; count += 1)
    await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: `guess ${String(count)}` } })

  for (let count = 0; count < 2; count += 1) expect((await signInWithPasskey(key.get(await signInChallenge()))).status).toBe(200)

  const notices = server.database.selectFrom('notices').select('facts').where('kind', '=', 'failed-logins')
  expect(await notices.execute()).toEqual([{ facts: '{"count":5}' }])
})

test('a key that did not check who touches it does not sign in alone, yet is a second factor', async () => {
  await enrolPasskey(device, key)

  expect(await signInWithPasskey(key.get(await signInChallenge(), { isUnverified: true }))).toMatchObject(refused)

  const asked = askedFor(await signInWith(url))
  expect(asked).toMatchObject({ factors: ['passkey'], passkey: { options: { allowCredentials: [{ id: key.credentialId }] } } })
  const answer = await signInWith(url, { passkey: key.get(asked.passkey, { isUnverified: true }) })
  expect(answer.status).toBe(200)
})

test.each([
  ['the page of another origin', { origin: 'https://localhost.evil.example' }],
  ['the same name at another port', { origin: 'http://localhost:1' }],
  ['a key of another site', { rpId: 'evil.example' }],
  ['a signature over something else', { tamper: true }],
  ['the handle of another user', { userHandle: Buffer.from('usr_other').toString('base64url') }],
  ['no handle at all', { userHandle: null }],
])('a sign-in with %s is refused and recorded', async (_, misbehaviour) => {
  await enrolPasskey(device, key)

  expect(await signInWithPasskey(key.get(await signInChallenge(), misbehaviour))).toMatchObject(refused)

  expect(await lastAudit('auth.login_failed')).toEqual({ actor: 'ada', details: expect.stringMatching(/"method":"passkey","reason":"\w/) })
})

test.each([
  ['the page of another origin', { origin: 'https://localhost.evil.example' }],
  ['a key of another site', { rpId: 'evil.example' }],
])('a passkey from %s is not kept', async (_, misbehaviour) => {
  const { body } = await challengeFor('/auth/factors/passkeys/challenge', device)

  expect(
    await device.request('POST', '/auth/factors/passkeys', { body: { ...key.create(body, misbehaviour), name: 'Key' } }),
  ).toMatchObject(refused)
  expect((await device.request('GET', '/auth/factors')).body).toMatchObject({ passkeys: [] })
})

test('a challenge is good once, also when the first answer to it was wrong', async () => {
  await enrolPasskey(device, key)
  const used = await signInChallenge()
  expect((await signInWithPasskey(key.get(used))).status).toBe(200)
  const spoilt = await signInChallenge()
  expect(await signInWithPasskey(key.get(spoilt, { tamper: true }))).toMatchObject(refused)

  for (const challenge of [used, spoilt]) expect(await signInWithPasskey(key.get(challenge))).toMatchObject(refused)
})

test('of two sign-ins with the same answer at once one wins', async () => {
  await enrolPasskey(device, key)
  const answer = key.get(await signInChallenge())

  const answers = await Promise.all([signInWithPasskey(answer), signInWithPasskey(answer)])

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
})

test('a challenge is good for five minutes, and for what it was made for', async () => {
  await enrolPasskey(device, key)
  const late = await signInChallenge()
  clock.advance(5 * MINUTES)
  expect(await signInWithPasskey(key.get(late))).toMatchObject(refused)

  const stepUp = (await challengeFor('/auth/step-up/challenge', device)).body
  expect(await signInWithPasskey(key.get(stepUp))).toMatchObject(refused)
  expect(await device.request('POST', '/auth/step-up', { body: { passkey: key.get(await signInChallenge()) } })).toMatchObject(refused)
})

test('a challenge and a passkey of one name of the server are not good under another', async () => {
  const proxied = await startTestApp({ clock, environment: { TRUST_PROXY: '127.0.0.1', ALLOWED_HOSTS: 'one.example,two.example' } })
  const via = (host: string) => ({ 'x-forwarded-host': host, 'x-forwarded-proto': 'https' })
  const ask = async (host: string) => (await callApi(proxied.url, 'POST', '/auth/passkeys/challenge', { headers: via(host) })).body
  const signIn = (host: string, body: unknown) => callApi(proxied.url, 'POST', '/auth/passkeys/login', { body, headers: via(host) })
  const owner = await register(proxied.url, proxied.setupCode)
  const ofOne = new SoftwareAuthenticator('https://one.example')
  const enrolment = await owner.request('POST', '/auth/factors/passkeys/challenge', { headers: via('one.example') })
  const made = await owner.request('POST', '/auth/factors/passkeys', {
    body: { ...ofOne.create(enrolment.body), name: 'Key' },
    headers: via('one.example'),
  })
  expect(made).toMatchObject({ status: 201, body: { rpId: 'one.example' } })

  expect((await signIn('one.example', ofOne.get(await ask('one.example')))).status).toBe(200)
  expect(await signIn('two.example', ofOne.get(await ask('one.example')))).toMatchObject(refused)
  expect(await signIn('two.example', ofOne.get(await ask('two.example'), { origin: 'https://two.example' }))).toMatchObject(refused)
})

test('a key whose counter went back is refused as a copy; one that is synchronised need not count', async () => {
  await enrolPasskey(device, key)
  expect((await signInWithPasskey(key.get(await signInChallenge(), { counter: 40 }))).status).toBe(200)
  for (const counter of [40, 39, 0]) expect(await signInWithPasskey(key.get(await signInChallenge(), { counter }))).toMatchObject(refused)
  expect(await lastAudit('auth.login_failed')).toMatchObject({ actor: 'ada', details: expect.stringContaining('copied key') })
  expect((await signInWithPasskey(key.get(await signInChallenge(), { counter: 41 }))).status).toBe(200)

  const synchronised = new SoftwareAuthenticator(url, { isSynchronised: true })
  expect(await enrolPasskey(device, synchronised, 'Phone')).toMatchObject({ backedUp: true })
  for (let count = 0; count < 2; count += 1) expect((await signInWithPasskey(synchronised.get(await signInChallenge()))).status).toBe(200)
})

test('an unknown key, a disabled user and a removed key are told alike', async () => {
  const stranger = new SoftwareAuthenticator(url)
  const passkey = await enrolPasskey(device, key)
  const wrong = await signInWithPasskey(stranger.get(await signInChallenge()))
  expect(wrong).toMatchObject(refused)
  const disable = (at: string | null) => server.database.updateTable('users').set({ disabled_at: at }).execute()

  await disable(clock.now().toISOString())
  expect((await signInWithPasskey(key.get(await signInChallenge()))).body).toEqual(wrong.body)
  await disable(null)
  clock.advance(2000)
  expect((await device.request('DELETE', `/auth/factors/passkeys/${passkey.id}`)).status).toBe(204)
  expect((await signInWithPasskey(key.get(await signInChallenge()))).body).toEqual(wrong.body)
})

test('a passkey steps a login up', async () => {
  await enrolPasskey(device, key)
  clock.advance(5 * MINUTES)
  expect(await challengeFor('/auth/factors/passkeys/challenge', device)).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
  const { body } = await challengeFor('/auth/step-up/challenge', device)

  expect((await device.request('POST', '/auth/step-up', { body: { passkey: key.get(body) } })).status).toBe(200)

  expect((await challengeFor('/auth/factors/passkeys/challenge', device)).status).toBe(200)
})

test('under an IP address there are no passkeys, and the answer says where there are', async () => {
  const byAddress = new Device(
    server.url,
    await callApi(server.url, 'POST', '/auth/login', { body: { username: 'ada', password: 'correct horse battery' } }),
  )
  const conflict = { status: 409, body: { code: 'CONFLICT', error: expect.stringContaining('localhost') } }

  expect(await callApi(server.url, 'POST', '/auth/passkeys/challenge')).toMatchObject(conflict)
  expect(await byAddress.request('POST', '/auth/factors/passkeys/challenge')).toMatchObject(conflict)
  expect(await byAddress.request('POST', '/auth/step-up/challenge')).toMatchObject(conflict)
  expect((await byAddress.request('GET', '/auth/factors')).body).toMatchObject({ canAddPasskey: false })
})

test('whose only passkey is for another address is told so and still not let in', async () => {
  await enrolPasskey(device, key)

  const answer = await signInWith(server.url)

  expect(answer).toMatchObject({ status: 401, body: { code: 'TOTP_REQUIRED', error: expect.stringContaining('another address') } })
  expect(askedFor(answer)).toEqual({ factors: ['passkey'] })
})

test('who has only a passkey gets recovery codes for the day it is lost', async () => {
  await enrolPasskey(device, key)

  const { body } = await device.request('POST', '/auth/factors/recovery-codes')

  const { recoveryCodes } = body as { recoveryCodes: string[] }
  expect((await signInWith(url, { totp: recoveryCodes[0] })).status).toBe(200)
})

test('challenges for nobody in particular are bounded, by asking and in number', async () => {
  const statuses = []
  for (let count = 0; count < 31; count += 1) statuses.push((await challengeFor('/auth/passkeys/challenge')).status)

  expect(statuses.at(-2)).toBe(200)
  expect(statuses.at(-1)).toBe(429)
  for (let count = 0; count < 15; count += 1) await challengeFor('/auth/factors/passkeys/challenge', device)
  const { kept } = await server.database
    .selectFrom('challenges')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .where('user_id', '=', device.user.id)
    .executeTakeFirstOrThrow()
  expect(kept).toBe(10)
  clock.advance(5 * MINUTES)
  await challengeFor('/auth/passkeys/challenge')
  expect(await server.database.selectFrom('challenges').select('id').execute()).toHaveLength(1)
})

test.each([{}, { id: 'x' }, { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: 1 } }, { response: null }])(
  'what is no answer of an authenticator is refused: %j',
  async (response) => {
    await enrolPasskey(device, key)
    const { challengeId } = (await signInChallenge()) as { challengeId: string }

    expect(await signInWithPasskey({ challengeId, response })).toMatchObject(refused)
    expect(await device.request('POST', '/auth/factors/passkeys', { body: { challengeId, response, name: 'Key' } })).toMatchObject(refused)
  },
)
