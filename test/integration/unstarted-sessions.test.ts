import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/server/platform/database.ts'
import { sessionOf, startMessage } from '../support/session-steps.ts'
import { restart, startWorkplace } from '../support/workplace.ts'

test('a session whose server died before its agent was started is interrupted, and takes its prompt again', async () => {
  const before = await startWorkplace()
  const message = startMessage(before.project.id, 'still there?')
  const socket = await before.device.connect()
  socket.send(message)
  const { sessionId } = await socket.take('session-started')
  await before.provider.nextAgent()
  await before.close()
  // As a server leaves it that dies between the session's row and its first event.
  const database = await openDatabase(join(before.folder, 'data', 'ai-code-ui.db'), before.key)
  await database.deleteFrom('session_events').where('session_id', '=', sessionId).execute()
  await database.updateTable('prompts').set({ is_logged: 0 }).execute()
  await database.updateTable('sessions').set({ state: 'starting', last_seq: 0, owner: null }).where('id', '=', sessionId).execute()
  await database.destroy()

  const { device, provider } = await restart(before)

  expect((await sessionOf(device, sessionId)).state).toBe('interrupted')
  const again = await device.connect()
  again.send(message)
  expect((await again.take('session-started')).sessionId).toBe(sessionId)
  expect((await (await provider.nextAgent()).answer('yes')).text).toBe('still there?')
})
