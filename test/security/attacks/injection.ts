import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { type Attack, nextAddress } from '../../support/attack-stage.ts'

const SQL = [
  "1' OR 1=1--",
  '1;select 1',
  'name desc; drop table users',
  '-1 UNION SELECT sql FROM sqlite_master',
  '1e309',
  '0x41',
  '%00',
  "\\' or sleep(5)--",
]

const READ_PATHS = [
  (value: string) => `/api/projects/${value}`,
  (value: string) => `/api/sessions/${value}`,
  (value: string) => `/api/sessions/${value}/events`,
  (value: string) => `/api/sessions?cursor=${value}`,
  (value: string) => `/api/sessions?limit=${value}`,
  (value: string) => `/api/approvals/decided?cursor=${value}`,
  (value: string) => `/api/audit?action=${value}`,
  (value: string) => `/api/users?cursor=${value}`,
  (value: string) => `/api/folders?path=${value}`,
]

export const injectionAttacks: Attack[] = [
  {
    id: 'INJ-001',
    title: 'SQL as a name signs nobody in and shows no error of the database',
    run: async ({ send }) => {
      for (const username of [
        "' OR '1'='1' -- ",
        "ada'--",
        "ada' UNION SELECT 1,2,3 --",
        "x'; DROP TABLE users; --",
        "ada' AND 1=randomblob(1000000000) --",
      ]) {
        const { status, text } = await send({ method: 'POST', path: '/api/auth/login', body: { username, password: 'x' } })
        expect([400, 401, 422], username).toContain(status)
        expect(text).not.toMatch(/"token"|SQLITE/)
      }
    },
  },
  {
    id: 'INJ-002',
    title: 'SQL in ids, cursors, limits and filters is taken for what it is',
    run: async ({ send, ada }) => {
      for (const at of READ_PATHS) {
        for (const payload of SQL) {
          const { status, text } = await send({ path: at(encodeURIComponent(payload)), token: ada.token })
          expect([200, 400, 403, 404], at(payload)).toContain(status)
          expect(text).not.toMatch(/SQLITE|sqlite_master|CREATE TABLE/i)
        }
      }
    },
  },
  {
    id: 'INJ-005',
    title: 'operators of other databases in a body are refused',
    run: async ({ send }) => {
      const { status } = await send({
        method: 'POST',
        path: '/api/auth/login',
        body: { username: { $gt: '' }, password: { $regex: '.*' } },
      })
      expect([400, 422]).toContain(status)
    },
  },
  {
    id: 'INJ-006',
    title: 'a body cannot reach the prototype of all objects',
    run: async ({ send, ada }) => {
      for (const body of [
        '{"__proto__":{"role":"owner","polluted":"CANARY"}}',
        '{"constructor":{"prototype":{"polluted":"CANARY"}}}',
        '{"title":"x","__proto__":{"polluted":"CANARY"}}',
      ]) {
        const { status } = await send({ method: 'POST', path: '/api/policy/test', body, token: ada.token })
        expect(status).toBe(400)
      }
      expect((await send({ path: '/api/auth/user', token: ada.token })).text).not.toContain('CANARY')
    },
  },
  {
    id: 'INJ-007',
    title: 'neither can a query',
    run: async ({ send }) => {
      const { text } = await send({ path: '/api/auth/status?__proto__[polluted]=CANARY&constructor[prototype][polluted]=CANARY' })
      expect(text).not.toContain('CANARY')
      expect((await send({ path: '/api/health' })).text).not.toContain('CANARY')
    },
  },
  {
    id: 'INJ-008',
    title: 'nobody gives themselves a role by a field that a route does not know',
    run: async ({ send, bob }) => {
      const extra = { role: 'owner', isAdmin: true, userId: 'usr_1', passwordHash: 'x' }
      for (const [method, path] of [
        ['POST', '/api/auth/login'],
        ['POST', '/api/keys'],
        ['POST', '/api/projects'],
        ['POST', '/api/auth/password'],
      ] as const) {
        const { status } = await send({
          method,
          path,
          token: bob.token,
          body: { username: 'bob', password: 'x', name: 'x', scopes: ['read'], path: '/', ...extra },
        })
        expect(status, path).toBe(400)
      }
      expect((await send({ path: '/api/users', token: bob.token })).status).toBe(403)
    },
  },
  {
    id: 'INJ-013',
    title: 'control characters of a stranger do not reach the log as they are',
    run: async ({ send, server }) => {
      const mark = 'log-injection-mark'
      await send({
        method: 'POST',
        path: `/api/auth/login?x=${mark}%0a%1b[2J`,
        from: nextAddress(),
        body: { username: `a\n{"msg":"${mark}","level":"info"}\u001b[2J\0`, password: 'x' },
        headers: { 'user-agent': `x ${mark} 1b]52;c;QQ==` },
      })
      const lines = server
        .output()
        .split('\n')
        .filter((line) => line.includes('{'))
      for (const line of lines) expect(line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/)
      expect(lines.filter((line) => line.startsWith(`{"msg":"${mark}"`))).toEqual([])
    },
  },
  {
    id: 'INJ-017',
    title: 'a body that is not plain JSON in UTF-8 is refused',
    run: async ({ send, ada }) => {
      const body = JSON.stringify({ toolName: 'Bash', toolInput: { command: 'ls' } })
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/json-patch+json',
        '*/*',
      ]) {
        const { status } = await send({
          method: 'POST',
          path: '/api/policy/test',
          body,
          token: ada.token,
          headers: { 'content-type': type },
        })
        expect([400, 415], type).toContain(status)
      }
      const utf16 = await send({ method: 'POST', path: '/api/policy/test', body: Buffer.from(body, 'utf16le'), token: ada.token })
      expect(utf16.status).toBe(400)
    },
  },
  {
    id: 'INJ-018',
    title: 'deep, odd and broken JSON is refused in words',
    run: async ({ send, ada }) => {
      const keys = `{${Array.from({ length: 20_000 }, (_, index) => `"k${String(index)}":1`).join(',')}}`
      for (const body of [
        '['.repeat(100_000),
        `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
        '\ufeff{"a":1e400}',
        '{"a":"\\ud800"}',
        'NaN',
        keys,
      ]) {
        const { status } = await send({ method: 'POST', path: '/api/policy/test', body, token: ada.token })
        expect([400, 413], body.slice(0, 20)).toContain(status)
      }
    },
  },
  {
    id: 'INJ-019',
    title: 'other methods, and a header that names another one, do nothing',
    run: async ({ send, ada }) => {
      for (const method of ['TRACE', 'PROPFIND', 'PUT', 'PATCH'])
        expect([400, 404, 405, 501], method).toContain((await send({ method, path: '/api/auth/user', token: ada.token })).status)
      for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
        expect([400, 404, 405, 415]).toContain(
          (await send({ method: 'POST', path: '/api/auth/user', token: ada.token, body: {}, headers: { [name]: 'DELETE' } })).status,
        )
      expect((await send({ path: '/api/auth/user', token: ada.token })).status).toBe(200)
    },
  },
  {
    id: 'DOS-005',
    title: 'a compressed body is refused, not unpacked',
    run: async ({ send }) => {
      const body = gzipSync(Buffer.alloc(64 * 1024 * 1024))
      const { status } = await send({ method: 'POST', path: '/api/auth/login', body, headers: { 'content-encoding': 'gzip' } })
      expect([400, 413, 415]).toContain(status)
    },
  },
  {
    id: 'CMD-005',
    title: 'provider and mode of a session come from a list, not from a text',
    run: async ({ sendFrames, isCanaryThere, canary }) => {
      const { frame } = await import('../../support/raw-socket.ts')
      const start = { type: 'session-start', clientId: 'a-client', projectId: 'prj_1', prompt: 'hi' }
      const { texts } = await sendFrames(
        [
          { ...start, provider: '../../x' },
          { ...start, provider: 'claude', permissionMode: 'bypassPermissions' },
          { ...start, provider: 'claude', model: `--dangerously-skip-permissions; touch ${canary}` },
        ].map((message) => frame(JSON.stringify(message))),
        1500,
      )
      expect(texts.filter((text) => text.includes('"error"'))).toHaveLength(3)
      expect(texts.join('')).not.toContain('session-started')
      expect(isCanaryThere()).toBe(false)
    },
  },
]
