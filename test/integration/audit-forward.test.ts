import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { appendFile, readFile, rename, stat } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod/mini'
import { loadOrMakeAuditKey } from '../../src/server/audit/audit-key.ts'
import { AuditSealer } from '../../src/server/audit/audit-sealer.ts'
import { CheckpointFile } from '../../src/server/audit/checkpoint-file.ts'
import { AuditForwarder } from '../../src/server/audit/forward/audit-forwarder.ts'
import { syslogMessage } from '../../src/server/audit/forward/syslog-message.ts'
import { SegmentFiles } from '../../src/server/audit/segment-file.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { parseForwardTarget } from '../../src/server/platform/forward-target.ts'
import { createLogger } from '../../src/server/platform/logger.ts'
import { AuditState } from '#protocol/audit'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { startWithOwner } from '../support/user-steps.ts'
import { eventually } from '../support/within.ts'

const Line = z.looseObject({ type: z.string(), seq: z.int() })

async function setup() {
  const [database, folder, logger] = [await createTestDatabase(), await temporaryFolder(), await createLogger('silent', 'json')]
  const clock = { now: () => new Date() }
  const shared = { database, clock, logger, segments: new SegmentFiles(folder) }
  const sealer = new AuditSealer({ ...shared, key: loadOrMakeAuditKey(folder), file: new CheckpointFile(folder) })
  const record = async (count: number, word = 'ä€😀"]\\') => {
    for (let number = 0; number < count; number += 1)
      await recordAudit(database, { at: clock.now(), actor: 'ada', action: 'project.renamed', device: word, details: { number, word } })
  }
  const forwardTo = (text: string) => {
    const target = parseForwardTarget(text)
    if (!target) throw new Error(`${text} is no target`)
    const forwarder = new AuditForwarder({ ...shared, target })
    onTestFinished(() => forwarder.stop())
    forwarder.start()
    return forwarder
  }
  return { folder, record, sealer, forwardTo }
}

const numbersOf = (texts: readonly string[]) => texts.map((text) => Line.parse(JSON.parse(text)).seq)
const arrived = (forwarder: AuditForwarder, seq: number) =>
  eventually(`entry ${String(seq)} at the target`, async () => ((await forwarder.state()).seq >= seq ? true : null))

/** A syslog server on a stream that answers as real ones do: it reads to the end, then closes. */
async function startReceiver(listen: (server: Server) => void, drop: (connection: number) => boolean = () => false) {
  const connections: Buffer[][] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const chunks: Buffer[] = []
    connections.push(chunks)
    sockets.add(socket)
    socket.on('error', () => {})
    if (drop(connections.length)) {
      socket.once('data', () => socket.resetAndDestroy())
      return
    }
    socket.on('data', (chunk) => chunks.push(chunk))
  })
  listen(server)
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  const messages = () => connections.flatMap((chunks) => framesOf(Buffer.concat(chunks)))
  const address = server.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, messages, connections, close }
}

/** Octet counting: the length, a space, the message. */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = []
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const length = Number(bytes.subarray(at, space).toString())
    frames.push(bytes.subarray(space + 1, space + 1 + length).toString())
    at = space + 1 + length
  }
  return frames
}

const jsonOf = (message: string) => message.slice(message.indexOf('] {') + 2)

test('a file gets every entry and checkpoint, also after it was renamed, and goes on after a restart', async () => {
  const { folder, record, sealer, forwardTo } = await setup()
  const path = join(folder, 'forwarded.jsonl')
  await record(3)
  const first = forwardTo(`file:${path}`)
  await arrived(first, 3)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await rename(path, `${path}.1`)
  await record(2)
  await sealer.seal()
  await arrived(first, 5)
  await first.stop()
  await record(600)
  const second = forwardTo(`file:${path}`)
  await arrived(second, 605)

  const lines = async (name: string) => (await readFile(name, 'utf8')).trimEnd().split('\n')
  expect(numbersOf(await lines(`${path}.1`))).toEqual([1, 2, 3])
  const rest = await lines(path)
  expect(numbersOf(rest.filter((line) => line.includes('"entry"')))).toEqual(Array.from({ length: 602 }, (_, index) => index + 4))
  expect(rest.map((line) => Line.parse(JSON.parse(line))).find(({ type }) => type === 'checkpoint')).toMatchObject({ seq: 5 })
})

test('a line that a crash cut off ends before the next one begins', async () => {
  const { folder, record, forwardTo } = await setup()
  const path = join(folder, 'forwarded.jsonl')
  await appendFile(path, '{"type":"ent')
  await record(1)
  await arrived(forwardTo(`file:${path}`), 1)
  const [torn, whole] = (await readFile(path, 'utf8')).split('\n')
  expect([torn, Line.parse(JSON.parse(whole ?? '')).seq]).toEqual(['{"type":"ent', 1])
})

test('TCP gets messages of RFC 5424 with their lengths', async () => {
  const { record, forwardTo } = await setup()
  const receiver = await startReceiver((server) => server.listen(0, '127.0.0.1'))
  await record(3)
  await arrived(forwardTo(`syslog:tcp://127.0.0.1:${String(receiver.port)}`), 3)
  const messages = receiver.messages()
  expect(numbersOf(messages.map(jsonOf))).toEqual([1, 2, 3])
  expect(messages[0]).toMatch(
    /^<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ ai-code-ui \d+ project\.renamed \[audit@32473 type="entry" seq="1" id="aud_[^"]+" actor="ada" action="project\.renamed" device="ä€😀\\"\\]\\\\" prev="0{64}" hash="[0-9a-f]{64}"\] \{"type":"entry"/,
  )
})

test('a receiver that breaks off or is away is tried again until it has everything, and the product only tells', async () => {
  const { record, forwardTo } = await setup()
  const away = await startReceiver((server) => server.listen(0, '127.0.0.1'))
  await away.close()
  await record(2)
  const forwarder = forwardTo(`syslog:tcp://127.0.0.1:${String(away.port)}`)
  const state = await eventually('a failure', async () => {
    const now = await forwarder.state()
    return now.failing ? now : null
  })
  expect(state).toMatchObject({ seq: 0, behind: 2, failing: { problem: expect.stringContaining('ECONNREFUSED') } })
  const receiver = await startReceiver(
    (server) => server.listen(away.port, '127.0.0.1'),
    (connection) => connection === 1,
  )
  await arrived(forwarder, 2)
  expect(receiver.connections.length).toBeGreaterThan(1)
  expect(numbersOf(receiver.messages().map(jsonOf))).toEqual([1, 2])
  expect(await forwarder.state()).toMatchObject({ behind: 0, failing: null })
})

test('a Unix socket is a stream like any other', async () => {
  const { folder, record, forwardTo } = await setup()
  const path = join(folder, 'log')
  const receiver = await startReceiver((server) => server.listen(path))
  await record(1)
  await arrived(forwardTo(`syslog:unix:${path}`), 1)
  expect(numbersOf(receiver.messages().map(jsonOf))).toEqual([1])
})

test('UDP gets a datagram for each message; what is too large for one comes without its details', async () => {
  const { record, forwardTo } = await setup()
  const socket = createSocket('udp4')
  onTestFinished(() => {
    socket.close()
  })
  const messages: string[] = []
  socket.on('message', (message) => messages.push(message.toString()))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  await record(2)
  await record(1, 'x'.repeat(40_000))
  await arrived(forwardTo(`syslog:udp://127.0.0.1:${String(socket.address().port)}`), 3)
  await eventually('three datagrams', () => (messages.length === 3 ? true : null))
  expect(numbersOf(messages.slice(0, 2).map(jsonOf))).toEqual([1, 2])
  expect(messages[2]).toMatch(/ seq="3" .* hash="[0-9a-f]{64}"\]$/)
})

test('nothing in an entry can end a message or its parameters', () => {
  const message = syslogMessage({
    type: 'entry',
    seq: 1,
    id: 'aud_1',
    at: '2026-11-01T12:00:00.000Z',
    actor: 'a"] evil\n<0>1 \\',
    action: 'auth.login',
    subject: null,
    address: null,
    device: null,
    details: { text: 'line\u2028\nline' },
    prev: '0'.repeat(64),
    hash: '1'.repeat(64),
  })
  expect(message).toContain('actor="a\\"\\] evil <0>1 \\\\"')
  expect(message).not.toMatch(/[\n\u2028]/)
})

test.for([
  ['file:/var/log/audit.jsonl', { kind: 'file', path: '/var/log/audit.jsonl' }],
  ['syslog:unix:/dev/log', { kind: 'unix', path: '/dev/log' }],
  ['syslog:tcp://log.example.org:6514', { kind: 'tcp', host: 'log.example.org', port: 6514 }],
  ['syslog:udp://[::1]', { kind: 'udp', host: '::1', port: 514 }],
] as const)('%s is a target', ([text, target]) => {
  expect(parseForwardTarget(text)).toEqual({ name: text, ...target })
})

test.for([
  'file:audit.jsonl',
  'syslog:unix:log',
  'syslog:tcp://',
  'syslog:tcp://a:b@host:1',
  'syslog:tcp://host:0',
  'syslog:tcp://host:70000',
  'syslog:http://host',
  'yes',
])('%s is none', (text) => {
  expect(parseForwardTarget(text)).toBeNull()
})

test('the server hands on from its start to its end, and tells the owner how far it is', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'forwarded.jsonl')
  const server = await startWithOwner({ environment: { AUDIT_FORWARD: `file:${path}` } })
  const state = await eventually('everything handed on', async () => {
    const { body } = await server.owner.request('GET', '/audit/verification')
    const { forward } = AuditState.parse(body)
    return forward && forward.seq > 0 && forward.behind === 0 ? forward : null
  })
  expect(state).toMatchObject({ target: `file:${path}`, failing: null })
  await server.close()
  const text = await readFile(path, 'utf8')
  expect(text).toContain('"server.started"')
  expect(text).toContain('"server.stopped"')
  expect(text.trimEnd().split('\n').at(-1)).toContain('"checkpoint"')
})
