import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startSession, startWorkplace } from '../support/workplace.ts'

test('a transcript larger than a connection may hold back arrives whole at a device that comes later', async () => {
  const workplace = await startWorkplace()
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

  const late = await workplace.device.connect()
  late.send({ type: 'session-subscribe', sessionId })
  await late.take('session-event', ({ event }) => event.kind === 'turn.ended')

  const seqs = late.received.flatMap((message) => (message.type === 'session-event' ? message.seq : []))
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})
