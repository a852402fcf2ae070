import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { decodeProtectedHeader, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { LoginId, UserId } from '#protocol/ids'
import { TestClock } from '../../../../test/support/test-clock.ts'
import { TokenExpiredError, UnauthorizedError } from '../../http/principal.ts'
import { AccessTokens } from './access-tokens.ts'
import { fixedKeys } from './key-ring.ts'

const claims = { userId: UserId.parse('usr_1'), loginId: LoginId.parse('log_1') }

interface Change {
  header?: Record<string, unknown>
  payload?: Record<string, unknown>
  secret?: Uint8Array
}

const changes: [string, Change][] = [
  ['another algorithm', { header: { alg: 'HS512' } }],
  ['another key id', { header: { kid: 'somebody-elses' } }],
  ['no key id', { header: { kid: undefined } }],
  ['another type', { header: { typ: 'JWT' } }],
  ['another issuer', { payload: { iss: 'somebody else' } }],
  ['another audience', { payload: { aud: 'another-api' } }],
  ['no login', { payload: { sid: undefined } }],
  ['no subject', { payload: { sub: undefined } }],
  ['no expiry', { payload: { exp: undefined } }],
  ['no time of issue', { payload: { iat: undefined } }],
  ['a time of issue that lies ahead', { payload: { iat: Date.parse('2030-01-01') / 1000 } }],
  ['a login that is no id', { payload: { sid: '../x' } }],
  ['a time from which it is good that lies ahead', { payload: { nbf: Date.parse('2030-01-01') / 1000 } }],
  ['a key id that every object has', { header: { kid: '__proto__' } }],
  ['a key id that is a path', { header: { kid: '../../keys/jwt-ring.json' } }],
  ['a key id that is SQL', { header: { kid: "x' union select 'k' --" } }],
  ['a key id that is no text', { header: { kid: 7 } }],
  ['an expiry that is text', { payload: { exp: '9999999999' } }],
  ['an expiry that is no whole number', { payload: { exp: Date.parse('2026-11-01T12:10:00Z') / 1000 + 0.5 } }],
  ['a time from which it is good that is text', { payload: { nbf: '0' } }],
  ['a subject that is a list', { payload: { sub: ['usr_1'] } }],
  ['more than 4096 characters', { payload: { padding: 'x'.repeat(4096) } }],
  ['another secret', { secret: new Uint8Array(32).fill(9) }],
]

async function setup() {
  const clock = new TestClock()
  const secret = randomBytes(32)
  const tokens = new AccessTokens(fixedKeys(secret), 900, clock)
  const issued = await tokens.issue(claims)
  const now = clock.now().getTime() / 1000
  const payload = { sid: 'log_1', sub: 'usr_1', iat: now, exp: now + 900, iss: 'ai-code-ui', aud: 'ai-code-ui-api' }
  const header = { ...decodeProtectedHeader(issued), alg: 'HS256' }
  /** A token that is right in everything but what is changed; undefined takes a claim away. */
  const forge = (change: Change) =>
    new SignJWT({ ...payload, ...change.payload }).setProtectedHeader({ ...header, ...change.header }).sign(change.secret ?? secret)
  return { clock, tokens, issued, forge, header, payload }
}

test('a token that was issued is good, and says what the contract asks for', async () => {
  const { tokens, issued } = await setup()

  expect(await tokens.verify(issued)).toEqual(claims)
  expect(decodeProtectedHeader(issued)).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.stringMatching(/^[0-9a-f]{16}$/) })
})

test('the forger of these tests makes a good token when nothing is changed', async () => {
  const { tokens, forge } = await setup()

  expect(await tokens.verify(await forge({}))).toEqual(claims)
})

test('a token without a signature is refused', async () => {
  const { tokens, header, payload } = await setup()
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

  for (const alg of ['none', 'None', 'NONE']) {
    await expect(tokens.verify(`${encode({ ...header, alg })}.${encode(payload)}.`)).rejects.toThrow(UnauthorizedError)
  }
})

test.for(changes)('a token with %s is refused', async ([, change]) => {
  const { tokens, forge } = await setup()
  const forged = change.header?.alg === 'HS512' ? forge({ ...change, secret: new Uint8Array(64).fill(1) }) : forge(change)

  await expect(tokens.verify(await forged)).rejects.toThrow(UnauthorizedError)
})

test('a key in the header is never looked at', async () => {
  const { tokens, header, payload } = await setup()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const forged = await new SignJWT(payload)
    .setProtectedHeader({ ...header, alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1:9/keys' })
    .sign(privateKey)

  await expect(tokens.verify(forged)).rejects.toThrow(UnauthorizedError)
})

test('a changed token is refused', async () => {
  const { tokens, issued } = await setup()
  const [header, payload, signature] = issued.split('.')
  const changed = Buffer.from(
    Buffer.from(payload ?? '', 'base64url')
      .toString()
      .replace('usr_1', 'usr_2'),
  ).toString('base64url')

  await expect(tokens.verify(`${header ?? ''}.${changed}.${signature ?? ''}`)).rejects.toThrow(UnauthorizedError)
  for (const text of ['', 'x', 'a.b.c', `${issued}x`]) await expect(tokens.verify(text)).rejects.toThrow(UnauthorizedError)
})

test.for([[true], [false]])('it expires 30 s after its time, whether it was seen before (%s) or not', async ([seenBefore]) => {
  const { tokens, issued, clock } = await setup()
  if (seenBefore) await tokens.verify(issued)

  clock.advance((900 + 29) * 1000)
  expect(await tokens.verify(issued)).toEqual(claims)
  clock.advance(2000)

  await expect(tokens.verify(issued)).rejects.toThrow(TokenExpiredError)
  await expect(tokens.verify(issued)).rejects.toThrow(TokenExpiredError)
})
