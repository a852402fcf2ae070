import { expect } from 'vitest'
import type { Attack } from '../../support/attack-stage.ts'

const PUBLIC = new Set([
  'GET /api/health',
  'GET /api/ready',
  'GET /api/openapi.json',
  'GET /api/auth/status',
  'POST /api/auth/register',
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'POST /api/auth/passkeys/challenge',
  'POST /api/auth/passkeys/login',
  'POST /api/auth/invitations/inspect',
  'POST /api/auth/invitations/accept',
])

export const leakAttacks: Attack[] = [
  {
    id: 'INFO-001',
    title: 'a stranger reaches the documented public routes and no other',
    run: async ({ send }) => {
      const document: { paths: Record<string, Record<string, unknown>> } = JSON.parse((await send({ path: '/api/openapi.json' })).text)
      let walked = 0
      for (const [path, methods] of Object.entries(document.paths)) {
        for (const method of Object.keys(methods).map((each) => each.toUpperCase())) {
          if (PUBLIC.has(`${method} ${path}`)) continue
          const { status } = await send({ method, path: path.replaceAll(/\{\w+\}/g, 'x'), body: method === 'GET' ? undefined : {} })
          expect(status, `${method} ${path}`).toBe(401)
          walked += 1
        }
      }
      expect(walked).toBeGreaterThan(50)
    },
  },
  {
    id: 'INFO-002',
    title: 'no file of the host or of the repository is served',
    run: async ({ send, sendBytes, host }) => {
      const names = [
        '.git/config',
        '.env',
        'package.json',
        'package-lock.json',
        'data.db',
        'src/server/main.ts',
        'node_modules/ws/package.json',
        'assets/app.js.map',
        '%2e%2e/%2e%2e/etc/passwd',
      ]
      for (const name of names) {
        const { status, text } = await send({ path: `/${name}` })
        expect([200, 400, 404], name).toContain(status)
        expect(text).not.toMatch(/\[core\]|JWT_SECRET|"dependencies"|SQLite format|root:x:0:0|createHttpServer/)
      }
      for (const path of ['/../../../../etc/passwd', '/assets/../../../../etc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd'])
        expect(await sendBytes(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).not.toContain('root:')
    },
  },
  {
    id: 'INFO-003',
    title: 'the health of the server tells a stranger no path, name or count',
    run: async ({ send, server }) => {
      for (const path of ['/api/health', '/api/ready', '/api/auth/status']) {
        const { text } = await send({ path })
        for (const secret of [server.dataDirectory, 'username', '"users"', 'node_modules', 'ada']) expect(text, path).not.toContain(secret)
      }
    },
  },
  {
    id: 'INFO-004',
    title: 'the state of the installation names nobody',
    run: async ({ send, ada, bob }) => {
      const { text } = await send({ path: '/api/auth/status' })
      for (const name of [ada.user.id, bob.user.id, '"ada"', '"bob"']) expect(text).not.toContain(name)
    },
  },
  {
    id: 'INFO-005',
    title: 'ids of somebody else are answered like ids of nothing',
    run: async ({ ada, bob }) => {
      const logins = JSON.stringify((await ada.request('GET', '/auth/logins')).body)
      const loginId = /"id":"(log_[^"]+)"/.exec(logins)?.[1] ?? ''
      expect(loginId).not.toBe('')
      const made = await ada.request('POST', '/keys', { body: { name: 'not for bob', scopes: ['read'] } })
      const keyId = /"id":"([^"]+)"/.exec(JSON.stringify(made.body))?.[1] ?? ''
      for (const [path, nothing] of [
        [`/auth/logins/${loginId}`, '/auth/logins/log_AAAAAAAAAAAAAAAAAAAAAA'],
        [`/keys/${keyId}`, '/keys/key_AAAAAAAAAAAAAAAAAAAAAA'],
      ] as const) {
        const answers = [await bob.request('DELETE', path), await bob.request('DELETE', nothing)]
        expect(
          answers.map(({ status }) => status),
          path,
        ).toEqual([404, 404])
      }
      expect(JSON.stringify((await ada.request('GET', '/auth/logins')).body)).toContain(loginId)
    },
  },
]
