import { expect } from 'vitest'
import type { Attack } from '../../support/attack-stage.ts'
import { statusesIn } from '../../support/raw-http.ts'

const get = (path: string, lines: string) => `GET ${path} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`

const post = (host: string, lines: string, body: string) => `POST /api/auth/login HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\n${body}`

export const hostAttacks: Attack[] = [
  {
    id: 'PROXY-001',
    title: 'another name for the server is refused (DNS rebinding)',
    run: async ({ sendBytes }) => {
      for (const host of ['rebind.evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.example.', ''])
        expect([400, 421], host).toContain(statusesIn(await sendBytes(get('/api/auth/status', `Host: ${host}\r\n`)))[0])
    },
  },
  {
    id: 'PROXY-002',
    title: 'another name with the right port is refused',
    run: async ({ sendBytes, url }) => {
      const { port } = new URL(url)
      expect(statusesIn(await sendBytes(get('/api/auth/status', `Host: evil.example:${port}\r\n`)))).toEqual([421])
    },
  },
  {
    id: 'PROXY-004',
    title: 'two names in one request are refused',
    run: async ({ sendBytes, host }) => {
      for (const request of [
        get('/api/auth/status', `Host: ${host}\r\nHost: evil.example\r\n`),
        get('http://evil.example/api/auth/status', `Host: ${host}\r\n`),
        get('http://evil.example/api/auth/status', `Host: ${host}\r\nHost: evil.example\r\n`),
      ])
        expect([400, 421]).toContain(statusesIn(await sendBytes(request))[0])
    },
  },
  {
    id: 'PROXY-005',
    title: 'what a stranger says about the name of the server changes no answer',
    run: async ({ send }) => {
      const spoofed = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example;proto=https' }
      const { status, headers, text } = await send({ path: '/', headers: spoofed })
      expect([200, 404]).toContain(status)
      expect(text + JSON.stringify(headers)).not.toContain('evil.example')
      expect(headers['strict-transport-security']).toBeUndefined()
    },
  },
  {
    id: 'PROXY-006',
    title: 'who claims to be local is no one',
    run: async ({ send }) => {
      const headers = Object.fromEntries(
        ['x-forwarded-for', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'remote-user', 'x-forwarded-user'].map(
          (name) => [name, name.endsWith('user') ? 'ada' : '127.0.0.1'],
        ),
      )
      expect((await send({ path: '/api/auth/user', headers })).status).toBe(401)
    },
  },
  {
    id: 'PROXY-010',
    title: 'an assertion of a login proxy that nobody signed opens nothing',
    run: async ({ send }) => {
      const assertion = 'eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAYi5jIn0.'
      for (const name of ['cf-access-jwt-assertion', 'x-amzn-oidc-data', 'x-goog-iap-jwt-assertion'])
        expect((await send({ path: '/api/auth/user', headers: { [name]: assertion } })).status).toBe(401)
    },
  },
  {
    id: 'PROXY-011',
    title: 'a request that two readers would cut differently is refused, and nothing after it is served',
    run: async ({ sendBytes, host }) => {
      const hidden = `GET /api/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`
      const type = 'Content-Type: application/json\r\n'
      for (const request of [
        post(host, `${type}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${hidden}`),
        post(host, `${type}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n`, `0\r\n\r\n${hidden}`),
        post(host, `${type}Transfer-Encoding: xchunked\r\n`, `0\r\n\r\n${hidden}`),
        post(host, `${type}Transfer-Encoding : chunked\r\n`, `0\r\n\r\n${hidden}`),
        post(host, `${type}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n`, `0\r\n\r\n${hidden}`),
        post(host, `${type}Content-Length: 2\r\nContent-Length: 0\r\n`, `{}${hidden}`),
        post(host, `${type}Content-Length: +2\r\n`, `{}${hidden}`),
        post(host, `${type}X-Folded: a\r\n b\r\nContent-Length: 0\r\n`, hidden).replace(' b', '\tb'),
      ]) {
        const [first, ...others] = statusesIn(await sendBytes(request))
        // Folding is old but means the same to everybody: there the second request may be one.
        if (request.includes('X-Folded')) expect(first === undefined || first >= 400).toBe(true)
        else expect([first, others], request).toEqual([400, []])
      }
    },
  },
  {
    id: 'PROXY-012',
    title: 'an address that a proxy could read in another way leads to nothing',
    run: async ({ send, sendBytes, host }) => {
      for (const path of [
        '//api/auth/user',
        '/api//auth/user',
        '/%61pi/auth/user',
        '/api/./auth/user',
        '/api/auth/user.',
        '/API/auth/user',
        '/api;x/auth/user',
      ]) {
        const { status, headers, text } = await send({ path })
        // Any other word is a page of the app, which routes by itself.
        if (status === 200) expect(headers['content-type'], path).toMatch(/^text\/html/)
        else expect([301, 308, 400, 401, 404], path).toContain(status)
        expect(text).not.toContain('"username"')
      }
      const climbing = await sendBytes(get('/assets/../api/users', `Host: ${host}\r\n`))
      expect([400, 401, 404]).toContain(statusesIn(climbing)[0])
    },
  },
]
