import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ClientId, MessageId } from '#protocol/ids'
import { SessionRepository } from '../../src/server/sessions/session-repository.ts'
import { eventOf, newClientId } from '../support/session-steps.ts'
import { restart, startSession, startWorkplace } from '../support/workplace.ts'

test('a prompt that was noted by a server that died before it logged it is delivered when it is sent again, once', async () => {
  const workplace = await startWorkplace()
  const { agent, sessionId } = await startSession(workplace, 'first')
  await agent.answer('done')
  const clientId = ClientId.parse(newClientId())
  // What the dead server leaves: the note, and no event.
  await new SessionRepository(workplace.database).notePrompt(sessionId, clientId, MessageId.parse(randomUUID()))

  const { device, provider } = await restart(workplace)
  const socket = await device.connect()
  socket.send({ type: 'session-subscribe', sessionId })
  const message = { type: 'session-prompt', clientId, sessionId, prompt: 'sent again' }
  socket.send(message)
  const second = await provider.nextAgent()
  const { text } = await second.answer('here')
  expect(text).toBe('sent again')
  await eventOf(socket, 'turn.ended', () => true)

  socket.send(message)
  socket.send({ type: 'session-prompt', clientId: newClientId(), sessionId, prompt: 'another' })
  expect((await second.nextPrompt()).text).toBe('another')
})
