import { expect } from 'vitest'
import { type Attack, STAGE_SECRET } from '../../support/attack-stage.ts'
import { forge } from '../../support/forged-token.ts'
import { frame } from '../../support/raw-socket.ts'

const now = () => Math.floor(Date.now() / 1000)
const PATIENCE = 1500

export const socketAttacks: Attack[] = [
  {
    id: 'WSH-001',
    title: 'without a token no socket opens, on any path',
    run: async ({ upgrade }) => {
      for (const path of ['/ws', '/shell', '/', '/api/auth/user', '/ws/', '//ws', '/ws%20'])
        expect((await upgrade({ path, patience: PATIENCE })).status, path).toBeGreaterThanOrEqual(400)
    },
  },
  {
    id: 'WSH-003',
    title: 'a token that is none opens no socket',
    run: async ({ upgrade, ada }) => {
      for (const query of ['token=x.y.z', 'token=', 'ticket=', 'ticket=x', `ticket=${ada.token}`, `Token=${ada.token}`])
        expect((await upgrade({ path: `/ws?${query}`, patience: PATIENCE })).status, query).toBeGreaterThanOrEqual(400)
    },
  },
  {
    id: 'WSH-004',
    title: 'an expired token opens no socket',
    run: async ({ upgrade, ada }) => {
      const token = forge(ada.token, { secret: STAGE_SECRET, claims: { iat: now() - 1000, exp: now() - 60 } })
      expect((await upgrade({ path: `/ws?token=${token}`, patience: PATIENCE })).status).toBe(401)
    },
  },
  {
    id: 'WSH-005',
    title: 'a token of nobody opens no socket',
    run: async ({ upgrade, ada }) => {
      const token = forge(ada.token, { secret: STAGE_SECRET, claims: { sub: 'usr_1337' } })
      expect((await upgrade({ path: `/ws?token=${token}`, patience: PATIENCE })).status).toBe(401)
    },
  },
  {
    id: 'WSH-006',
    title: 'a page of another site opens no socket, also with a token that is good',
    run: async ({ upgrade, ada, url, ticket }) => {
      for (const Origin of ['https://evil.example', 'null', `${url}.evil.example`, url.replace('http:', 'https:'), 'http://127.0.0.1:1']) {
        expect((await upgrade({ path: `/ws?token=${ada.token}`, headers: { Origin }, patience: PATIENCE })).status, Origin).toBe(403)
        expect((await upgrade({ path: `/ws?ticket=${await ticket()}`, headers: { Origin }, patience: PATIENCE })).status, Origin).toBe(403)
      }
    },
  },
  {
    id: 'WSH-009',
    title: 'a cookie alone opens no socket',
    run: async ({ upgrade, ada, url }) => {
      const { status } = await upgrade({ path: '/ws', headers: { Cookie: ada.refreshCookie, Origin: url }, patience: PATIENCE })
      expect(status).toBe(401)
    },
  },
  {
    id: 'WSH-010',
    title: 'under another name no socket opens, also where origin and name agree (DNS rebinding)',
    run: async ({ upgrade, ada }) => {
      const headers = { Host: 'rebind.evil.example', Origin: 'http://rebind.evil.example' }
      expect((await upgrade({ path: `/ws?token=${ada.token}`, headers, patience: PATIENCE })).status).toBe(421)
    },
  },
  {
    id: 'WSH-011',
    title: 'a ticket is good once',
    run: async ({ upgrade, ticket }) => {
      const path = `/ws?ticket=${await ticket()}`
      expect((await upgrade({ path, patience: 500 })).status).toBe(101)
      expect((await upgrade({ path, patience: PATIENCE })).status).toBe(401)
    },
  },
  {
    id: 'WSH-018',
    title: 'compression is agreed on without a memory that outlives a message',
    run: async ({ upgrade, ada }) => {
      const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }
      const { status, head } = await upgrade({ path: `/ws?token=${ada.token}`, headers, patience: 500 })
      expect(status).toBe(101)
      // Refused altogether, or with both contexts given up: no memory for each socket, and no length that tells of an older message.
      const agreed = /^sec-websocket-extensions: (.*)$/im.exec(head)?.[1]
      if (agreed !== undefined) expect(agreed).toMatch(/(?=.*server_no_context_takeover)(?=.*client_no_context_takeover)/)
    },
  },
  {
    id: 'WSH-019',
    title: 'an upgrade of another version, without a key or over HTTP/1.0 is refused',
    run: async ({ upgrade, ada, sendBytes, host }) => {
      const path = `/ws?token=${ada.token}`
      for (const headers of [{ 'Sec-WebSocket-Version': '7' }, { 'Sec-WebSocket-Key': '' }, { Upgrade: 'h2c' }])
        expect((await upgrade({ path, headers, patience: PATIENCE })).status).not.toBe(101)
      const old = await sendBytes(`GET ${path} HTTP/1.0\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`)
      expect(old).not.toContain(' 101 ')
    },
  },
  {
    id: 'WSF-022',
    title: "nothing of somebody else's session is heard by its id or a guess at it",
    run: async ({ bob, upgrade }) => {
      const guesses = ['ses_1', '__proto__', '../ses_1', 'ses_AAAAAAAAAAAAAAAAAAAAAA']
      const frames = guesses.map((sessionId) => frame(JSON.stringify({ type: 'session-subscribe', sessionId })))
      const { texts } = await upgrade({ path: `/ws?token=${bob.token}`, frames, patience: PATIENCE })
      expect(texts.filter((text) => text.includes('"error"'))).toHaveLength(guesses.length)
      expect(texts.join('')).not.toContain('"session-event')
    },
  },
  {
    id: 'OWN-003',
    title: 'a token in the address of a socket reaches no log',
    run: async ({ upgrade, ada, server }) => {
      await upgrade({ path: `/ws?token=${ada.token}`, patience: 300 })
      await upgrade({ path: `/ws?token=${ada.token}`, headers: { Origin: 'https://evil.example' }, patience: 500 })
      expect(server.output()).not.toContain(ada.token.split('.')[2] ?? ada.token)
    },
  },
]
