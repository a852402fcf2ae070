import { expect } from 'vitest'
import type { Attack } from '../../support/attack-stage.ts'
import { statusesIn } from '../../support/raw-http.ts'

export const limitAttacks: Attack[] = [
  {
    id: 'DOS-004',
    title: 'a body over the limit is refused on every route',
    run: async ({ send, ada }) => {
      for (const path of ['/api/auth/login', '/api/policy/test', '/api/projects', '/api/nope']) {
        const { status } = await send({
          method: 'POST',
          path,
          token: ada.token,
          body: { username: 'A'.repeat(2 * 1024 * 1024), password: 'x' },
        }).catch(() => ({
          // The connection may end before all of it was sent.
          status: 413,
        }))
        expect([404, 413], path).toContain(status)
      }
    },
  },
  {
    id: 'OWN-020',
    title: 'a user who asks for dear things without end is refused, from whatever address, and nobody else is',
    run: async ({ send, ada, bob }) => {
      const ask = (token: string) => send({ method: 'POST', path: '/api/policy/test', token, body: {} })
      const answers = []
      for (let count = 0; count < 150; count += 1) answers.push(await ask(bob.token))
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(10)
      expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/)
      expect(refused[0]?.headers['ratelimit-policy']).toBe('"costly";q=120;w=60')
      expect((await ask(ada.token)).status).toBe(400)
    },
  },
  {
    id: 'DOS-008',
    title: 'ten thousand headers, a very long address and a thousand parameters are refused or served, and end nothing',
    run: async ({ sendBytes, send, host }) => {
      const start = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`
      const many = Array.from({ length: 10_000 }, (_, index) => `X-${String(index)}: 1\r\n`).join('')
      expect([400, 431]).toContain(statusesIn(await sendBytes(`${start('/api/health')}${many}\r\n`))[0] ?? 431)
      expect([400, 414, 431]).toContain(statusesIn(await sendBytes(`${start(`/api/health?${'x'.repeat(65_536)}`)}\r\n`))[0] ?? 431)
      const parameters = Array.from({ length: 1000 }, (_, index) => `a${String(index)}=1`).join('&')
      expect([200, 400]).toContain((await send({ path: `/api/health?${parameters}` })).status)
      const cookies = Array.from({ length: 700 }, (_, index) => `c${String(index)}=1`).join('; ')
      expect([200, 400, 431]).toContain((await send({ path: '/api/health', headers: { cookie: cookies } })).status)
    },
  },
]
