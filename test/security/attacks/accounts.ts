import { expect } from 'vitest'
import { PASSWORD, signIn } from '../../support/api-client.ts'
import { type Attack, type AttackStage, nextAddress } from '../../support/attack-stage.ts'
import type { RawAnswer } from '../../support/raw-http.ts'

const login = ({ send }: AttackStage, body: unknown, more: object = {}) => send({ method: 'POST', path: '/api/auth/login', body, ...more })

function expectNoToken(answer: RawAnswer, statuses: readonly number[]): void {
  expect(statuses).toContain(answer.status)
  expect(answer.text).not.toContain('"token"')
}

export const accountAttacks: Attack[] = [
  {
    id: 'AUTH-001',
    title: 'an unknown name and a wrong password are answered alike, headers included',
    run: async (stage) => {
      const unknown = await login(stage, { username: 'nobody-here', password: 'wrong' })
      const known = await login(stage, { username: 'bob', password: 'wrong' })
      const names = (answer: RawAnswer) => Object.keys(answer.headers).sort()
      expect(unknown.status).toBe(401)
      expect([known.status, withoutIds(known.text), names(known)]).toEqual([unknown.status, withoutIds(unknown.text), names(unknown)])
    },
  },
  {
    id: 'AUTH-008',
    title: 'objects in place of name and password are refused',
    run: async (stage) => {
      expectNoToken(await login(stage, { username: { $ne: null }, password: { $ne: null } }), [400, 401, 422])
      expectNoToken(await login(stage, { username: ['ada'], password: [PASSWORD] }), [400, 401, 422])
    },
  },
  {
    id: 'AUTH-010',
    title: 'missing, empty and mistyped credentials are refused and break nothing',
    run: async (stage) => {
      const values = [undefined, null, '', true, 0, [], {}]
      for (const username of values)
        for (const password of values) expectNoToken(await login(stage, { username, password }), [400, 401, 422])
    },
  },
  {
    id: 'AUTH-013',
    title: 'a password of almost a megabyte is refused before it is hashed',
    run: async (stage) => {
      expectNoToken(await login(stage, { username: 'ada', password: 'A'.repeat(1_000_000) }), [400, 401, 413, 422])
    },
  },
  {
    id: 'AUTH-014',
    title: 'weak passwords are refused when one is chosen, each with a reason',
    run: async ({ url }) => {
      const bob = await signIn(url, 'bob')
      for (const next of ['password1', '12345678', 'qwertyuiop', 'bobbobbob', 'aicodeui2026']) {
        const { status, body } = await bob.request('POST', '/auth/password', { body: { currentPassword: PASSWORD, newPassword: next } })
        expect([400, 422], next).toContain(status)
        expect(body).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) })
      }
    },
  },
  {
    id: 'AUTH-015',
    title: 'a long passphrase in small letters is not refused by rules of composition',
    run: async ({ url }) => {
      const bob = await signIn(url, 'bob')
      const { body } = await bob.request('POST', '/auth/password', {
        body: { currentPassword: 'not the right one', newPassword: 'correct horse battery staple lamp' },
      })
      expect(body).not.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
      expect(body).not.toMatchObject({ code: 'VALIDATION_FAILED' })
    },
  },
  {
    id: 'AUTH-016',
    title: 'nobody registers once there is an owner',
    run: async ({ send }) => {
      for (const setupCode of ['', 'AAAA-BBBB-CCCC-DDDD', null]) {
        const answer = await send({
          method: 'POST',
          path: '/api/auth/register',
          body: { username: 'evil', password: 'Correct-Horse-9-battery', setupCode },
        })
        expectNoToken(answer, [400, 401, 403, 404, 409])
      }
    },
  },
  {
    id: 'AUTH-020',
    title: 'credentials in an address, a form or plain text sign nobody in',
    run: async (stage) => {
      const query = `username=ada&password=${encodeURIComponent(PASSWORD)}`
      expectNoToken(await stage.send({ path: `/api/auth/login?${query}` }), [400, 404, 405])
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
        const body = type === 'text/plain' ? JSON.stringify({ username: 'ada', password: PASSWORD }) : query
        expectNoToken(await login(stage, body, { headers: { 'content-type': type } }), [400, 404, 405, 415])
      }
    },
  },
  {
    id: 'SESS-001',
    title: 'signing out ends the access token and its sockets at once',
    run: async ({ url, send }) => {
      const device = await signIn(url, 'bob')
      const socket = await device.connect()
      expect((await device.request('POST', '/auth/logout')).status).toBeLessThan(300)
      expect((await send({ path: '/api/auth/user', token: device.token })).status).toBe(401)
      expect((await socket.closed).code).toBe(4401)
    },
  },
  {
    id: 'SESS-014',
    title: 'no answer carries a new token in a header',
    run: async ({ send, ada }) => {
      const { headers } = await send({ path: '/api/auth/user', token: ada.token })
      expect(JSON.stringify(headers)).not.toMatch(/eyJ|x-refreshed-token/i)
    },
  },
  {
    id: 'OWN-001',
    title: 'the refresh cookie is out of reach of scripts and of other sites',
    run: async (stage) => {
      const { headers } = await login(stage, { username: 'bob', password: PASSWORD })
      const cookie = headers['set-cookie']?.find((each) => each.startsWith('acu_refresh_')) ?? ''
      expect(cookie).toMatch(/; HttpOnly/i)
      expect(cookie).toMatch(/; SameSite=Strict/i)
      expect(cookie).toMatch(/; Path=\/api\/auth/i)
    },
  },
]

/** They guess until the account or address is slowed down: each on a name or an address of its own. */
export const guessingAttacks: Attack[] = [
  {
    id: 'AUTH-003',
    title: 'of 200 guesses at one account few are looked at',
    run: async (stage) => {
      const from = nextAddress()
      const statuses = await guess(stage, 200, () => ({ username: 'guessed-a', from }))
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(185)
      expect(new Set(statuses)).toEqual(new Set([401, 429]))
    },
  },
  {
    id: 'AUTH-004',
    title: 'addresses that a stranger claims to come from do not divide the count of an account',
    run: async (stage) => {
      const from = nextAddress()
      const statuses = await guess(stage, 40, (index) => {
        const address = `203.0.113.${String(index)}`
        return { username: 'guessed-b', from, headers: { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` } }
      })
      expect(statuses.indexOf(429)).toBeGreaterThan(0)
      expect(statuses.indexOf(429)).toBeLessThan(15)
    },
  },
  {
    id: 'AUTH-005',
    title: 'one password tried on many names from one address is slowed down',
    run: async (stage) => {
      const from = nextAddress()
      const statuses = await guess(stage, 60, (index) => ({ username: `user${String(index)}`, from }))
      expect(statuses.indexOf(429)).toBeGreaterThan(0)
      expect(statuses.indexOf(429)).toBeLessThan(31)
    },
  },
  {
    id: 'AUTH-007',
    title: 'fifty guesses at once get no further than one after the other',
    run: async (stage) => {
      const from = nextAddress()
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => login(stage, { username: 'guessed-c', password: `wrong-${String(index)}` }, { from })),
      )
      expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(12)
      expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true)
      expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toMatch(/^\d+$/)
    },
  },
]

interface Guess {
  username: string
  from: string
  headers?: Record<string, string>
}

async function guess(stage: AttackStage, count: number, one: (index: number) => Guess): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) {
    const { username, from, headers = {} } = one(index)
    const answer = await login(stage, { username, password: `wrong-${String(index)}` }, { from, headers })
    statuses.push(answer.status)
  }
  return statuses
}

function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id')
}
