import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { SequencedEvent } from '#protocol/session-events'
import { inState } from '../support/session-steps.ts'
import { startSession, startWorkplace, type Workplace } from '../support/workplace.ts'

async function withLargeTranscript(workplace: Workplace) {
  const { agent, sessionId } = await startSession(workplace)
  await agent.startTurn()
  // Each as large as an output may be, together far over the 16 MiB at which a client that does not read is let go.
  for (let index = 0; index < 400; index += 1) {
    agent.emit({
      v: 1,
      kind: 'block.completed',
      blockId: String(index),
      blockKind: 'text',
      text: randomBytes(48 * 1024).toString('base64'),
    })
    await agent.host.drained()
  }
  agent.endTurn()
  return sessionId
}

test('a transcript larger than a connection may hold back arrives whole at a device that comes later', async () => {
  const workplace = await startWorkplace()
  const sessionId = await withLargeTranscript(workplace)

  const late = await workplace.device.connect()
  late.send({ type: 'session-subscribe', sessionId })
  await late.take('session-event', ({ event }) => event.kind === 'turn.ended')

  const seqs = late.received.flatMap((message) => (message.type === 'session-event' ? message.seq : []))
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

test('a large transcript is read over HTTP in pages that the server can afford', async () => {
  const workplace = await startWorkplace()
  const sessionId = await withLargeTranscript(workplace)
  await inState(workplace.device, sessionId, 'idle')

  const seqs: number[] = []
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const { body } = await workplace.device.request('GET', `/sessions/${sessionId}/events?after=${cursor}&limit=5000`)
    expect(JSON.stringify(body).length).toBeLessThan(16 * 1024 * 1024)
    const page = pageOf(SequencedEvent).parse(body)
    seqs.push(...page.items.map(({ seq }) => seq))
    cursor = page.nextCursor
  }

  expect(seqs.length).toBeGreaterThan(400)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})
