import { createSecretKey } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { expect } from 'vitest'
import { type Attack, type AttackStage, STAGE_SECRET } from '../../support/attack-stage.ts'
import { forge, type Forgery } from '../../support/forged-token.ts'

const now = () => Math.floor(Date.now() / 1000)

/** Each is signed with our own secret unless it says otherwise, so that nothing but the change is wrong with it. */
const FORGERIES: [id: string, title: string, changes: () => Partial<Forgery>[]][] = [
  ['JWT-001', 'algorithm "none" without a signature', () => [{ header: { alg: 'none' }, signature: '' }]],
  ['JWT-002', 'algorithm "none" in other letters', () => ['None', 'nOnE', 'NONE'].map((alg) => ({ header: { alg }, signature: '' }))],
  ['JWT-003', 'algorithm "none" with a signature', () => [{ header: { alg: 'none' } }, { header: { alg: 'none' }, signature: 'AAAA' }]],
  ['JWT-006', 'an empty secret', () => [{ secret: '' }, { header: { kid: undefined }, secret: '' }]],
  [
    'JWT-007',
    'secrets that everybody knows',
    () =>
      ['claude-ui-dev-secret-change-in-production', 'change-me', 'changeme', 'your-secret-key', 'secret', 'jwt_secret', 'dev-secret'].map(
        (secret) => ({ secret }),
      ),
  ],
  ['JWT-008', 'the right secret with another algorithm', () => [{ header: { alg: 'HS512' }, digest: 'sha512' }]],
  ['JWT-010', 'a path as the name of the key', () => [{ header: { kid: '../../../../../../dev/null' }, secret: '' }]],
  ['JWT-011', 'SQL as the name of the key', () => [{ header: { kid: "x' UNION SELECT 'k' -- " }, secret: 'k' }]],
  [
    'JWT-012',
    'what every object has as the name of the key',
    () => ['__proto__', 'constructor'].map((kid) => ({ header: { kid }, secret: '' })),
  ],
  [
    'JWT-013',
    'an unknown, missing, numeric or long name of the key',
    () => ['no-such-key', undefined, 0, 'k'.repeat(3000)].map((kid) => ({ header: { kid } })),
  ],
  ['JWT-015', 'a token that expired', () => [{ claims: { iat: now() - 1000, exp: now() - 60 } }]],
  ['JWT-016', 'a token without an end', () => [{ claims: { exp: undefined } }]],
  ['JWT-018', 'a token that is not valid yet', () => [{ claims: { nbf: now() + 600 } }]],
  ['JWT-019', 'a token from the future', () => [{ claims: { iat: now() + 3600, exp: now() + 7200 } }]],
  ['JWT-020', 'an end that is no whole number', () => ['9999999999', -1, now() + 600.5].map((exp) => ({ claims: { exp } }))],
  ['JWT-021', 'another audience or issuer', () => [{ claims: { aud: 'other' } }, { claims: { iss: 'other' } }]],
  ['JWT-024', 'a user or a login that does not exist', () => [{ claims: { sub: 'usr_1337' } }, { claims: { sid: 'log_1337' } }]],
  ['JWT-025', 'a user that is a list, an object or SQL', () => [['1'], { $ne: null }, '1 OR 1=1'].map((sub) => ({ claims: { sub } }))],
  [
    'JWT-009',
    'a key that the token brings along',
    () => [{ header: { kid: 'x', jwk: { kty: 'oct', k: 'AAAA' }, jku: 'http://127.0.0.1:9/keys' }, secret: '\0\0\0' }],
  ],
  ['JWT-023', 'another type of token', () => [{ header: { typ: 'JWT' } }, { header: { typ: undefined } }]],
]

async function expectRefused({ send, upgrade }: AttackStage, token: string): Promise<void> {
  const answer = await send({ path: '/api/auth/user', token })
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('"username"')
  const socket = await upgrade({ path: `/ws?token=${encodeURIComponent(token)}`, patience: 1500 })
  expect(socket.status).toBe(401)
}

export const tokenAttacks: Attack[] = [
  {
    id: 'OWN-002',
    title: 'the forger of these tests makes a token that opens when nothing is changed',
    run: async ({ send, ada }) => {
      const token = forge(ada.token, { secret: STAGE_SECRET, claims: { iat: now() - 1 } })
      expect((await send({ path: '/api/auth/user', token })).status).toBe(200)
      const byLibrary = await new SignJWT(decodeJwt(ada.token))
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'no-such-key' })
        .sign(createSecretKey(Buffer.from(STAGE_SECRET)))
      expect((await send({ path: '/api/auth/user', token: byLibrary })).status).toBe(401)
    },
  },
  ...FORGERIES.map(
    ([id, title, changes]): Attack => ({
      id,
      title: `${title} opens nothing`,
      run: async (stage) => {
        for (const change of changes()) await expectRefused(stage, forge(stage.ada.token, { secret: STAGE_SECRET, ...change }))
      },
    }),
  ),
  {
    id: 'JWT-026',
    title: 'a token of a megabyte is refused and ends nothing',
    run: async ({ send, sendBytes, host }) => {
      const text = await sendBytes(
        `GET /api/auth/user HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${'A'.repeat(1_000_000)}.x.y\r\n\r\n`,
      )
      expect(text).not.toMatch(/^HTTP\/1\.1 (2|5)/)
      expect((await send({ path: '/api/health' })).status).toBe(200)
    },
  },
  {
    id: 'KEY-003',
    title: 'a token or an API key in the address of a request opens nothing',
    run: async ({ send, ada }) => {
      for (const name of ['token', 'access_token', 'apiKey', 'api_key', 'key', 'jwt', 'X-API-Key'])
        expect((await send({ path: `/api/auth/user?${name}=${ada.token}` })).status).toBe(401)
    },
  },
  {
    id: 'KEY-006',
    title: 'a list of API keys holds no key',
    run: async ({ ada }) => {
      const made = await ada.request('POST', '/keys', { body: { name: 'attacked', scopes: ['read'] } })
      expect(made.status).toBeLessThan(300)
      const key = /"key":"([^"]+)"/.exec(JSON.stringify(made.body))?.[1] ?? ''
      expect(key.length).toBeGreaterThan(30)
      expect(JSON.stringify((await ada.request('GET', '/keys')).body)).not.toContain(key.slice(16))
    },
  },
  {
    id: 'KEY-004',
    title: 'a key that may only read decides nothing, starts nothing and makes no key',
    run: async ({ ada, send }) => {
      const made = await ada.request('POST', '/keys', { body: { name: 'reader', scopes: ['read'] } })
      const token = /"key":"([^"]+)"/.exec(JSON.stringify(made.body))?.[1] ?? ''
      expect((await send({ path: '/api/projects', token })).status).toBe(200)
      for (const [method, path] of [
        ['POST', '/api/approvals/req_x'],
        ['POST', '/api/keys'],
        ['PUT', '/api/policy'],
        ['POST', '/api/projects'],
        ['GET', '/api/audit'],
        ['GET', '/api/users'],
      ] as const)
        expect((await send({ method, path, token, body: method === 'GET' ? undefined : {} })).status, path).toBe(403)
    },
  },
]
