import { expect } from 'vitest'
import type { Attack, AttackStage } from '../../support/attack-stage.ts'

const REQUIRED: Record<string, RegExp> = {
  'content-security-policy': /frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
}
const FORBIDDEN = ['x-powered-by', 'server', 'access-control-allow-origin', 'access-control-allow-credentials']
const EVIL = 'https://evil.example'

/** One address for each class of answer. */
function everyClass({
  ada,
}: AttackStage): { path: string; method?: string; body?: string; token?: string; headers?: Record<string, string> }[] {
  return [
    { path: '/' },
    { path: '/sign-in' },
    { path: '/assets/no-such.js' },
    { path: '/api/auth/status' },
    { path: '/api/auth/user' },
    { path: '/api/auth/user', token: ada.token },
    { path: '/api/nope' },
    { path: '/api/projects/x', token: ada.token },
    { path: '/api/auth/login', method: 'POST', body: '{bad' },
    { path: '/api/auth/login', method: 'POST', body: 'x', headers: { 'content-type': 'text/xml' } },
    { path: '/%c0' },
    { path: '/api/auth/status', headers: { host: 'evil.example' } },
    { path: '/api/auth/login', method: 'POST', body: '{}', headers: { origin: EVIL } },
  ]
}

export const headerAttacks: Attack[] = [
  {
    id: 'HDR-001',
    title: 'no other origin may read an answer',
    run: async ({ send, ada }) => {
      for (const origin of [EVIL, 'null', 'http://127.0.0.1:1', 'http://localhost.evil.example']) {
        const { headers } = await send({ path: '/api/auth/status', token: ada.token, headers: { origin } })
        expect(headers['access-control-allow-origin'], origin).toBeUndefined()
      }
    },
  },
  {
    id: 'HDR-002',
    title: 'a preflight of another origin allows nothing',
    run: async ({ send }) => {
      const { status, headers } = await send({
        method: 'OPTIONS',
        path: '/api/projects',
        headers: { origin: EVIL, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
      })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    },
  },
  {
    id: 'HDR-005',
    title: 'a public site is not let into the private network',
    run: async ({ send }) => {
      const { headers } = await send({
        method: 'OPTIONS',
        path: '/api/auth/status',
        headers: { origin: EVIL, 'access-control-request-private-network': 'true', 'access-control-request-method': 'GET' },
      })
      expect(headers['access-control-allow-private-network']).toBeUndefined()
    },
  },
  {
    id: 'HDR-006',
    title: 'every class of answer has the headers that protect it, and none that tells about us',
    run: async (stage) => {
      for (const request of everyClass(stage)) {
        const { headers } = await stage.send(request)
        const what = `${request.method ?? 'GET'} ${request.path}`
        for (const [name, value] of Object.entries(REQUIRED)) expect(String(headers[name]), `${name} of ${what}`).toMatch(value)
        for (const name of FORBIDDEN) expect(headers[name], `${name} of ${what}`).toBeUndefined()
        if (request.path.startsWith('/api/')) expect(headers['cache-control'], what).toBe('no-store')
      }
    },
  },
  {
    id: 'HDR-007',
    title: 'no page can be framed',
    run: async ({ send }) => {
      const { headers } = await send({ path: '/' })
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['x-frame-options']).toBe('DENY')
    },
  },
  {
    id: 'HDR-009',
    title: 'an address of the API with the ending of a file gives no cache an answer',
    run: async ({ send, ada }) => {
      for (const path of ['/api/auth/user/x.css', '/api/auth/user%2fx.js', '/api/auth/user;x.css', '/api/auth/user.css']) {
        const { status, text } = await send({ path, token: ada.token })
        expect([400, 404], path).toContain(status)
        expect(text).not.toContain('"username"')
      }
    },
  },
  {
    id: 'HDR-010',
    title: 'a form of another site changes nothing, also with the cookies of its victim',
    run: async ({ send, ada }) => {
      const cookie = ada.refreshCookie
      const path = '/api/auth/refresh'
      const attempts: Record<string, string>[] = [
        { origin: EVIL, 'content-type': 'text/plain' },
        { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'content-type': 'application/x-www-form-urlencoded' },
        { origin: 'null', 'content-type': 'application/json' },
      ]
      for (const headers of attempts) {
        const { status, text } = await send({ method: 'POST', path, body: '{}', headers: { cookie, ...headers } })
        expect([400, 403, 415]).toContain(status)
        expect(text).not.toContain('"token"')
      }
    },
  },
  {
    id: 'HDR-013',
    title: 'an answer never becomes a script',
    run: async ({ send }) => {
      const { text, headers } = await send({ path: '/api/auth/status?callback=alert' })
      expect(text).not.toContain('alert')
      expect(headers['content-type']).toMatch(/^application\/json/)
    },
  },
  {
    id: 'HDR-014',
    title: 'an error shows no trace, path, statement or version',
    run: async ({ send, ada }) => {
      for (const request of [
        { path: '/api/%' },
        { path: '/%c0' },
        { method: 'POST', path: '/api/auth/login', body: '{bad' },
        { path: '/api/projects/%00', token: ada.token },
        { path: '/api/sessions?limit=x', token: ada.token },
      ]) {
        const { status, text } = await send(request)
        expect([400, 404, 414], request.path).toContain(status)
        expect(text).not.toMatch(/ at [\w.]+ \(|node_modules|\/home\/|SQLITE|fastify|select |\.ts:\d/i)
      }
    },
  },
  {
    id: 'XSS-014',
    title: 'the policy for scripts has no hole: none inline, none evaluated, none from elsewhere',
    run: async ({ send }) => {
      const policy = String((await send({ path: '/' })).headers['content-security-policy'])
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:|strict-dynamic/)
      for (const directive of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
        expect(policy).toContain(directive)
    },
  },
  {
    id: 'XSS-013',
    title: 'no answer widens the reach of a service worker',
    run: async (stage) => {
      for (const request of everyClass(stage))
        expect(
          (await stage.send({ ...request, headers: { ...request.headers, 'service-worker': 'script' } })).headers['service-worker-allowed'],
        ).toBeUndefined()
    },
  },
]
