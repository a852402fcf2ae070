import { deflateRawSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Attack, AttackStage } from '../../support/attack-stage.ts'
import { announced, frame } from '../../support/raw-socket.ts'

const message = (value: unknown) => frame(JSON.stringify(value))

/** The socket was closed with one of these codes, or cut; the server answers on. */
async function expectClosed(stage: AttackStage, frames: readonly Buffer[], codes: readonly number[], patience = 5000): Promise<void> {
  const { status, closed } = await stage.sendFrames(frames, patience)
  expect(status).toBe(101)
  expect(closed, 'the close code').toBeDefined()
  if (closed !== null) expect(codes).toContain(closed)
  expect((await stage.send({ path: '/api/health' })).status).toBe(200)
}

/** Each of the messages was answered by an error, or ended the socket. */
async function expectErrors(stage: AttackStage, frames: readonly Buffer[]): Promise<void> {
  const { texts, closed } = await stage.sendFrames(frames, 1500)
  const errors = texts.filter((text) => text.includes('"type":"error"'))
  if (closed === undefined) expect(errors).toHaveLength(frames.length)
  expect((await stage.send({ path: '/api/health' })).status).toBe(200)
}

export const frameAttacks: Attack[] = [
  {
    id: 'WSF-001',
    title: 'a frame that announces 4 GiB ends its socket and nothing else',
    run: (stage) => expectClosed(stage, [announced(2 ** 32)], [1002, 1006, 1009]),
  },
  {
    id: 'WSF-003',
    title: 'a message without a type, or with one that is no text, is answered by an error',
    run: (stage) =>
      expectErrors(
        stage,
        [{}, { type: 1 }, { type: null }, [1], { type: { a: 1 } }, { type: 'x'.repeat(100_000) }, null, 'ping', 7].map(message),
      ),
  },
  {
    id: 'WSF-004',
    title: 'a type that every object has is answered by an error',
    run: (stage) =>
      expectErrors(
        stage,
        ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((type) => message({ type })),
      ),
  },
  {
    id: 'WSF-005',
    title: 'a message with fields that it does not have is refused',
    run: (stage) =>
      expectErrors(stage, [
        message({ type: 'ping', approved: true }),
        message({ type: 'session-subscribe', sessionId: 'ses_1', userId: 'usr_2', role: 'owner' }),
        frame('{"type":"ping","__proto__":{"allow":true}}'),
      ]),
  },
  {
    id: 'WSF-006',
    title: 'a message of 2 MiB ends its socket',
    run: (stage) => expectClosed(stage, [frame('A'.repeat(2 * 1024 * 1024))], [1009]),
  },
  {
    id: 'WSF-007',
    title: 'a message that announces 101 MiB ends its socket before it is sent',
    run: (stage) => expectClosed(stage, [announced(105_906_176)], [1009], 2000),
  },
  {
    id: 'WSF-008',
    title: 'fifty thousand pieces of one message end its socket',
    run: (stage) => {
      const piece = frame('a', { opcode: 0, isLast: false })
      return expectClosed(
        stage,
        [frame('a', { isLast: false }), Buffer.concat(Array.from({ length: 50_000 }, () => piece))],
        [1002, 1008, 1009],
        8000,
      )
    },
  },
  {
    id: 'WSF-010',
    title: 'text that is not UTF-8 ends its socket',
    run: (stage) => expectClosed(stage, [frame(Buffer.from([0xc3, 0x28]))], [1002, 1007]),
  },
  {
    id: 'WSF-012',
    title: 'an unknown opcode or a reserved bit ends its socket',
    run: async (stage) => {
      await expectClosed(stage, [frame('', { opcode: 3 })], [1002])
      await expectClosed(stage, [frame('', { opcode: 11 })], [1002])
      await expectClosed(stage, [frame('x', { opcode: 0x31 })], [1002])
    },
  },
  {
    id: 'WSF-013',
    title: 'a long or divided control frame ends its socket',
    run: async (stage) => {
      await expectClosed(stage, [frame('x'.repeat(126), { opcode: 9 })], [1002])
      await expectClosed(stage, [frame('x', { opcode: 9, isLast: false })], [1002])
    },
  },
  {
    id: 'WSF-016',
    title: 'a small compressed message that unpacks to 100 MiB ends its socket',
    run: async (stage) => {
      const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024))
      const path = `/ws?ticket=${await stage.ticket()}`
      const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }
      const { closed } = await stage.upgrade({ path, headers, frames: [frame(bomb, { opcode: 0x41 })], patience: 8000 })
      expect(closed).toBeDefined()
      if (closed !== null) expect([1002, 1007, 1009]).toContain(closed)
      expect((await stage.send({ path: '/api/health' })).status).toBe(200)
    },
  },
  {
    id: 'WSF-017',
    title: 'bytes where text is expected end the socket',
    run: (stage) => expectClosed(stage, [frame('{}', { opcode: 2 })], [1003]),
  },
  {
    id: 'WSF-018',
    title: 'a message of a hundred thousand brackets is answered by an error',
    run: (stage) => expectErrors(stage, [frame('['.repeat(100_000)), frame(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)]),
  },
  {
    id: 'WSF-019',
    title: 'a flood of messages that are well formed ends its socket',
    run: (stage) => expectClosed(stage, [Buffer.concat(Array.from({ length: 5000 }, () => message({ type: 'ping' })))], [1008, 4429]),
  },
  {
    id: 'APR-005',
    title: 'an answer to a request that nobody made decides nothing',
    run: (stage) =>
      expectErrors(
        stage,
        ['', '__proto__', '../', 'req_AAAAAAAAAAAAAAAAAAAAAA'].map((requestId) =>
          message({ type: 'claude-permission-response', requestId, decision: 'allow', inputHash: '0'.repeat(64) }),
        ),
      ),
  },
  {
    id: 'CMD-002',
    title: 'the id of a session is no option of a command',
    run: (stage) =>
      expectErrors(
        stage,
        ['--settings={"hooks":{}}', '-h', '$(touch x)', '; id'].map((sessionId) =>
          message({ type: 'session-prompt', clientId: 'a-client', sessionId, prompt: 'x' }),
        ),
      ),
  },
]
