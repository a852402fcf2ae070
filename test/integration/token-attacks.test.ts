import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, PASSWORD, register, signIn } from '../support/api-client.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { insertUser } from '../support/test-database.ts'

/*
 * Access tokens that somebody forged, stole or kept, by HTTP and at the door of both kinds of use: none opens anything.
 * The forger knows everything but what the first column says; "our key" is the worst case of a leak.
 */

interface Stage {
  url: string
  /** A token that works. */
  token: string
  /** The key that signed it. */
  key: Uint8Array
  now: number
}

type Header = Record<string, unknown> & { alg: string }
type Forgery = (stage: Stage) => string | Promise<string>

const header = ({ token }: Stage): Header => ({ ...decodeProtectedHeader(token), alg: 'HS256' })
const claims = ({ token }: Stage): JWTPayload => decodeJwt(token)

/** Signed with our key, so that nothing but the change is wrong. */
const withClaims =
  (change: (now: number) => JWTPayload): Forgery =>
  (stage) =>
    new SignJWT({ ...claims(stage), ...change(stage.now) }).setProtectedHeader(header(stage)).sign(stage.key)
const without =
  (claim: string): Forgery =>
  (stage) =>
    new SignJWT(Object.fromEntries(Object.entries(claims(stage)).filter(([name]) => name !== claim)))
      .setProtectedHeader(header(stage))
      .sign(stage.key)
const withHeader =
  (change: Record<string, unknown>, secret?: string | Uint8Array): Forgery =>
  (stage) =>
    byHand({ ...header(stage), ...change }, claims(stage), secret ?? stage.key)

/** Signs what no library would. */
function byHand(head: unknown, body: unknown, secret: string | Uint8Array): string {
  const text = `${encode(head)}.${encode(body)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()

const FORGERIES: [string, Forgery][] = [
  ['algorithm none, no signature', (stage) => new UnsecuredJWT(claims(stage)).encode()],
  ['algorithm none, our key id', (stage) => `${encode({ ...header(stage), alg: 'none' })}.${encode(claims(stage))}.`],
  ['algorithm nOnE', (stage) => `${encode({ ...header(stage), alg: 'nOnE' })}.${encode(claims(stage))}.`],
  ['algorithm none with a signature', withHeader({ alg: 'none' })],
  [
    'algorithm HS384 with our key',
    (stage) => new SignJWT(claims(stage)).setProtectedHeader({ ...header(stage), alg: 'HS384' }).sign(stage.key),
  ],
  [
    'algorithm HS512 with our key',
    (stage) => new SignJWT(claims(stage)).setProtectedHeader({ ...header(stage), alg: 'HS512' }).sign(stage.key),
  ],
  [
    'algorithm RS256, their own key pair',
    (stage) => new SignJWT(claims(stage)).setProtectedHeader({ ...header(stage), alg: 'RS256' }).sign(pair.privateKey),
  ],
  ['confusion: a public key as the secret', withHeader({}, pem(pair.publicKey))],
  ['no algorithm at all', withHeader({ alg: undefined })],
  ['signed with an empty secret', withHeader({}, '')],
  ['signed with a well-known secret', withHeader({}, 'claude-ui-dev-secret-change-in-production')],
  ['signed with a secret of their own', withHeader({}, Buffer.alloc(32, 7))],
  ['the hex of our key as the secret', (stage) => withHeader({}, Buffer.from(stage.key).toString('hex'))(stage)],
  ['no key id', withHeader({ kid: undefined })],
  ['a foreign key id', withHeader({ kid: 'no-such-key' })],
  ['a path in the key id, empty secret', withHeader({ kid: '../../../../../../dev/null' }, '')],
  ['SQL in the key id', withHeader({ kid: "x' UNION SELECT 'k' -- " }, 'k')],
  ['__proto__ as the key id', withHeader({ kid: '__proto__' }, '')],
  ['constructor as the key id', withHeader({ kid: 'constructor' }, '')],
  ['a number as the key id', withHeader({ kid: 0 })],
  ['a key id of 3,000 characters', withHeader({ kid: 'k'.repeat(3000) })],
  [
    'a key brought along in the header',
    (stage) => withHeader({ kid: 'x', jwk: { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') } }, Buffer.alloc(32, 7))(stage),
  ],
  ['an address of keys in the header', withHeader({ kid: 'x', jku: 'http://127.0.0.1:1/keys' }, Buffer.alloc(32, 7))],
  ['another type of token', withHeader({ typ: 'JWT' })],
  ['no type', withHeader({ typ: undefined })],
  ['a critical header that nobody knows', withHeader({ crit: ['exp2'], exp2: 1 })],
  ['expired a minute ago', withClaims((now) => ({ iat: now - 1000, exp: now - 60 }))],
  ['no expiry', without('exp')],
  ['an expiry as text', (stage) => byHand(header(stage), { ...claims(stage), exp: '9999999999' }, stage.key)],
  ['an expiry below zero', withClaims(() => ({ exp: -1 }))],
  ['not valid before ten minutes from now', withClaims((now) => ({ nbf: now + 600 }))],
  ['issued an hour from now', withClaims((now) => ({ iat: now + 3600, exp: now + 7200 }))],
  ['no time of issue', without('iat')],
  ['another issuer', withClaims(() => ({ iss: 'other' }))],
  ['no issuer', without('iss')],
  ['another audience', withClaims(() => ({ aud: 'other' }))],
  ['no audience', without('aud')],
  ['a user who does not exist', withClaims(() => ({ sub: 'usr_nobody' }))],
  ['no user', without('sub')],
  ['a list as the user', (stage) => byHand(header(stage), { ...claims(stage), sub: ['a'] }, stage.key)],
  ['SQL as the user', withClaims(() => ({ sub: '1 OR 1=1' }))],
  ['a login that does not exist', withClaims(() => ({ sid: 'log_nothing' }))],
  ['no login', without('sid')],
  ['a payload changed after signing', ({ token }) => token.replace(/\.[^.]+\./, `.${encode({ ...decodeJwt(token), sub: 'usr_owner' })}.`)],
  ['a signature with one character changed', ({ token }) => token.replace(/.(?=.{5}$)/, (letter) => (letter === 'A' ? 'B' : 'A'))],
  ['a signature cut short', ({ token }) => token.slice(0, -4)],
  ['four parts', ({ token }) => `${token}.x`],
  ['two parts', ({ token }) => token.split('.').slice(0, 2).join('.')],
  ['no JSON inside', () => `${Buffer.from('{').toString('base64url')}.${Buffer.from('[').toString('base64url')}.x`],
  ['a huge payload', withClaims(() => ({ padding: 'x'.repeat(7000) }))],
]

let stage: Stage
beforeAll(async () => {
  const server = await startTestApp({ onEnd: afterAll })
  const device = await register(server.url, server.setupCode)
  stage = { url: server.url, token: device.token, key: server.key, now: Math.floor(Date.now() / 1000) }
})

const asUser = (url: string, token: string) => callApi(url, 'GET', '/auth/user', { headers: { authorization: `Bearer ${token}` } })

test('the real token opens, and so does one that our key signed the same way', async () => {
  expect((await asUser(stage.url, stage.token)).status).toBe(200)
  expect((await asUser(stage.url, await withClaims(() => ({}))(stage))).status).toBe(200)
})

test.for(FORGERIES)('%s opens nothing', async ([, forge]) => {
  const token = await forge(stage)
  const answer = await asUser(stage.url, token)
  expect(answer.status).toBe(401)
  expect(JSON.stringify(answer.body)).not.toContain('ada')
  expect(await SocketClient.refused(stage.url, { query: `token=${encodeURIComponent(token)}` })).toMatchObject({ status: 401 })
})

test('a token of a megabyte is refused by the parser of HTTP and ends nothing', async () => {
  const answer = await asUser(stage.url, 'x'.repeat(1_000_000)).catch(() => 'refused while it was sent')
  if (typeof answer !== 'string') expect([400, 401, 413, 431]).toContain(answer.status)
  expect((await asUser(stage.url, stage.token)).status).toBe(200)
})

test('a token in the address opens nothing', async () => {
  for (const name of ['token', 'access_token', 'apiKey'])
    expect((await callApi(stage.url, 'GET', `/auth/user?${name}=${stage.token}`)).status).toBe(401)
})

test('a token of a user who was disabled, removed or demoted no longer does what it did', async () => {
  const server = await startTestApp()
  const owner = await register(server.url, server.setupCode)
  const open = async (username: string) => {
    await insertUser(server.database, { username, password: PASSWORD })
    return signIn(server.url, username)
  }
  const [disabled, removed, demoted] = [await open('dora'), await open('rosa'), await open('vera')]
  await owner.request('PATCH', `/users/${disabled.user.id}`, { body: { disabled: true } })
  await owner.request('DELETE', `/users/${removed.user.id}`)
  await owner.request('PATCH', `/users/${demoted.user.id}`, { body: { role: 'viewer' } })

  expect((await disabled.request('GET', '/projects')).status).toBe(401)
  expect((await removed.request('GET', '/projects')).status).toBe(401)
  expect((await demoted.request('GET', '/projects')).status).toBe(200)
  expect(await demoted.request('POST', '/projects', { body: { path: server.projectPath } })).toMatchObject({ status: 403 })
})
