import { expect, test } from 'vitest'
import { RecoveryCodes, TotpEnrolment } from '#protocol/factors'
import { type AccountStage, startAccountStage } from '../support/account-stage.ts'
import { type ApiAnswer, PASSWORD } from '../support/api-client.ts'
import { enrolTotp, totpCode } from '../support/factor-steps.ts'
import { makeKey } from '../support/key-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { invite } from '../support/user-steps.ts'

/*
 * Attacks on accounts that need no forged token: whoever makes them is a page of another site, a thief of a cookie or of a
 * token, a guesser, or another user. Each is refused as the table says, opens no login, and leaves the victim's alone.
 */

const EVIL = 'http://evil.test'
const STEP = 30_000
/** Of the account's five free failures none is left. */
const FREE_FAILURES = 5

type Answer = Pick<ApiAnswer, 'status' | 'body'>
type Attack = (stage: AccountStage) => Promise<Answer>

/** What a page of another origin makes a browser send that is signed in here. */
const fromPage =
  (headers: Record<string, string>, path = '/auth/refresh', body?: unknown): Attack =>
  ({ ada, stranger }) =>
    stranger('POST', path, { body, headers: { cookie: ada.refreshCookie, ...headers } })

const login =
  (given: Record<string, unknown>): Attack =>
  ({ stranger }) =>
    stranger('POST', '/auth/login', { body: { username: 'ada', password: PASSWORD, ...given } })

/** After as many wrong passwords as are free, each from another address. */
const afterGuesses =
  (attack: Attack): Attack =>
  async (stage) => {
    for (let count = 0; count < FREE_FAILURES; count += 1) await login({ password: `guess ${String(count)}` })(stage)
    return attack(stage)
  }

/** After ada set up an authenticator app, and her login is not fresh any more. */
const behindTotp =
  (attack: (stage: AccountStage & { secret: string; recoveryCodes: string[] }) => Promise<Answer>): Attack =>
  async (stage) => {
    const factor = await enrolTotp(stage.ada, stage.clock)
    stage.clock.advance(STEP)
    return attack({ ...stage, ...factor })
  }

const acceptAs =
  (username: string, more: Record<string, unknown> = {}): Attack =>
  async ({ ada, stranger }) => {
    const { code } = await invite(ada, 'viewer')
    return stranger('POST', '/auth/invitations/accept', { body: { code, username, password: PASSWORD, ...more } })
  }

const upgrade =
  (query: (stage: AccountStage) => string | Promise<string>, headers?: (stage: AccountStage) => Record<string, string>): Attack =>
  async (stage) =>
    SocketClient.refused(stage.url, { query: await query(stage), ...(headers ? { headers: headers(stage) } : {}) })

const ATTACKS: [string, Attack, number, string][] = [
  // A page of somebody else, in a browser that is signed in.
  ["the cookie, sent by another site's page", fromPage({ origin: EVIL }), 403, 'ORIGIN_NOT_ALLOWED'],
  ['the cookie, sent by a page on another port of this host', fromPage({ origin: 'http://127.0.0.1:1' }), 403, 'ORIGIN_NOT_ALLOWED'],
  ['the cookie, sent by a page without an origin of its own', fromPage({ origin: 'null' }), 403, 'ORIGIN_NOT_ALLOWED'],
  ['the cookie, sent across sites without an Origin', fromPage({ 'sec-fetch-site': 'cross-site' }), 403, 'ORIGIN_NOT_ALLOWED'],
  [
    'a login in the name of the attacker, sent by their page',
    fromPage({ origin: EVIL }, '/auth/login', { username: 'eve', password: PASSWORD }),
    403,
    'ORIGIN_NOT_ALLOWED',
  ],
  [
    'the same as a form could send it',
    fromPage({ origin: EVIL, 'content-type': 'text/plain' }, '/auth/login', { username: 'eve', password: PASSWORD }),
    403,
    'ORIGIN_NOT_ALLOWED',
  ],
  ['a passkey challenge, asked for by another page', fromPage({ origin: EVIL }, '/auth/passkeys/challenge'), 403, 'ORIGIN_NOT_ALLOWED'],
  ['signing out by the cookie alone', fromPage({}, '/auth/logout'), 401, 'UNAUTHORIZED'],

  // A stolen cookie, used as what it is not.
  [
    'the cookie in place of an access token',
    ({ ada, stranger }) => stranger('GET', '/auth/user', { headers: { cookie: ada.refreshCookie } }),
    401,
    'UNAUTHORIZED',
  ],
  [
    'the refresh token as an access token',
    ({ ada, stranger }) => stranger('GET', '/auth/user', { headers: { authorization: `Bearer ${ada.refreshCookie.split('=')[1] ?? ''}` } }),
    401,
    'UNAUTHORIZED',
  ],
  [
    'the cookie at the door of the sockets',
    upgrade(
      () => 'x=1',
      ({ ada }) => ({ cookie: ada.refreshCookie }),
    ),
    401,
    'UNAUTHORIZED',
  ],
  ['the refresh token as a ticket', upgrade(({ ada }) => `ticket=${ada.refreshCookie.split('=')[1] ?? ''}`), 401, 'UNAUTHORIZED'],
  [
    "the attacker's cookie, planted in front of the victim's",
    ({ ada, eve, stranger }) => stranger('POST', '/auth/refresh', { headers: { cookie: `${eve.refreshCookie}; ${ada.refreshCookie}` } }),
    401,
    'UNAUTHORIZED',
  ],

  // Side doors for guessing, once the front door is slow.
  ['another guess from another address', afterGuesses(login({ password: 'guess' })), 429, 'RATE_LIMITED'],
  ['the name in another spelling', afterGuesses(login({ username: 'ＡＤＡ', password: 'guess' })), 429, 'RATE_LIMITED'],
  [
    'a device cookie that was made up',
    afterGuesses(({ stranger }) =>
      stranger('POST', '/auth/login', {
        body: { username: 'ada', password: 'guess' },
        headers: { cookie: `acu_device_x=${'A'.repeat(43)}` },
      }),
    ),
    429,
    'RATE_LIMITED',
  ],
  [
    'the form that changes the password, with a stolen token',
    afterGuesses(({ ada }) =>
      ada.request('POST', '/auth/password', { body: { currentPassword: 'guess', newPassword: 'a quite new phrase' } }),
    ),
    429,
    'RATE_LIMITED',
  ],
  [
    'the step-up, with a stolen token',
    afterGuesses(({ ada }) => ada.request('POST', '/auth/step-up', { body: { password: 'guess' } })),
    429,
    'RATE_LIMITED',
  ],
  [
    'a code at the sign-in after codes at the step-up',
    behindTotp(async (stage) => {
      for (let count = 0; count < FREE_FAILURES; count += 1) await stage.ada.request('POST', '/auth/step-up', { body: { code: '000000' } })
      return login({ totp: '000000' })(stage)
    }),
    429,
    'RATE_LIMITED',
  ],

  // Around the second factor.
  ['the password alone', behindTotp(login({})), 401, 'TOTP_REQUIRED'],
  ['an empty code', behindTotp(login({ totp: '   ' })), 401, 'TOTP_REQUIRED'],
  [
    'the password for a step-up',
    behindTotp(({ ada }) => ada.request('POST', '/auth/step-up', { body: { password: PASSWORD } })),
    401,
    'TOTP_REQUIRED',
  ],
  [
    "the attacker's own code",
    behindTotp(async (stage) => {
      const { secret } = TotpEnrolment.parse((await stage.eve.request('POST', '/auth/factors/totp')).body)
      return login({ totp: await totpCode(secret, stage.clock) })(stage)
    }),
    401,
    'INVALID_CODE',
  ],
  [
    "the attacker's own recovery code",
    behindTotp(async (stage) => {
      const { recoveryCodes } = RecoveryCodes.parse(await enrolTotp(stage.eve, stage.clock))
      return login({ totp: recoveryCodes[0] })(stage)
    }),
    401,
    'INVALID_CODE',
  ],
  ['two codes in one', behindTotp(login({ totp: '000000,111111' })), 401, 'INVALID_CODE'],
  ['codes as a list', behindTotp(login({ totp: ['000000'] })), 400, 'BAD_REQUEST'],

  // What the server decides, told by the attacker.
  ['a role with the sign-in', login({ role: 'owner' }), 400, 'BAD_REQUEST'],
  ['a role with the invitation', acceptAs('mallory', { role: 'owner' }), 400, 'BAD_REQUEST'],
  [
    'the step-up said to be done',
    ({ eve }) => eve.request('POST', '/keys', { body: { name: 'k', scopes: ['read'], fresh: true } }),
    400,
    'BAD_REQUEST',
  ],
  [
    'a key for more than its maker may do',
    ({ eve }) => eve.request('POST', '/keys', { body: { name: 'k', scopes: ['admin'] } }),
    400,
    'BAD_REQUEST',
  ],
  ['the right password with a NUL behind it', login({ password: `${PASSWORD}\0` }), 401, 'INVALID_CREDENTIALS'],
  ['conditions in place of name and password', login({ username: { $ne: null }, password: { $ne: null } }), 400, 'BAD_REQUEST'],
  ['SQL in the name', login({ username: "ada' --", password: 'guess' }), 401, 'INVALID_CREDENTIALS'],
  ['a wildcard as the name', login({ username: '%', password: PASSWORD }), 401, 'INVALID_CREDENTIALS'],

  // Names to be taken for somebody else's.
  ['a name with a letter of another alphabet', acceptAs('\u0430da'), 400, 'BAD_REQUEST'],
  ['a name with an invisible letter', acceptAs('ada\u200b'), 400, 'BAD_REQUEST'],
  ['a name that turns the text around', acceptAs('\u202eada'), 400, 'BAD_REQUEST'],
  ['a name of the audit log', acceptAs('\u017fystem'), 400, 'BAD_REQUEST'],

  // API keys beyond their scope.
  [
    'a key that may not read, at the sockets',
    async (stage) => {
      const key = await makeKey(stage.eve, ['chat'])
      const { body } = await key.request('POST', '/auth/ws-ticket')
      return upgrade(() => `ticket=${String((body as { ticket: unknown }).ticket)}`)(stage)
    },
    403,
    'FORBIDDEN',
  ],
  [
    'a key in the address of a socket',
    async (stage) => upgrade(async () => `token=${(await makeKey(stage.eve, ['read'])).created.key}`)(stage),
    401,
    'UNAUTHORIZED',
  ],
  [
    'a step-up with a key',
    async ({ eve }) => (await makeKey(eve, ['read'])).request('POST', '/auth/step-up', { body: { password: PASSWORD } }),
    403,
    'FORBIDDEN',
  ],
]

test.for(ATTACKS)('%s is refused', async ([, attack, status, code]) => {
  const stage = await startAccountStage()
  const before = await stage.database.selectFrom('logins').select(['id', 'ended_at']).orderBy('id').execute()

  const answer = await attack(stage)

  expect(answer).toMatchObject({ status, body: { code } })
  expect(JSON.stringify(answer.body)).not.toMatch(/"token"|eyJ/)
  expect(await stage.database.selectFrom('logins').select(['id', 'ended_at']).orderBy('id').execute()).toEqual(before)
  expect(await stage.database.selectFrom('users').select(['username', 'role']).orderBy('username').execute()).toEqual([
    { username: 'ada', role: 'owner' },
    { username: 'eve', role: 'member' },
  ])
  expect(await stage.ada.request('GET', '/auth/user')).toMatchObject({ status: 200, body: { username: 'ada' } })
})

test('the same sign-ins and steps open, done by whom they are for', async () => {
  const stage = await startAccountStage()

  expect((await login({})(stage)).status).toBe(200)
  expect((await acceptAs('mallory')(stage)).status).toBe(201)
  expect((await fromPage({ origin: stage.url })(stage)).status).toBe(200)
  expect((await behindTotp(async (behind) => login({ totp: await totpCode(behind.secret, behind.clock) })(behind))(stage)).status).toBe(200)
})
