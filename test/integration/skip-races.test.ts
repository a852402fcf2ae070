import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { signIn } from '../support/api-client.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { sessionOf } from '../support/session-steps.ts'

/* What ends between the leave to skip approvals and its beginning. */

test('a login that ends while its agent is told of the mode gets none', async () => {
  const { agent, sessionId, socket, url, device } = await inTurn({ role: 'owner' })
  const asking = await signIn(url)
  const told = Promise.withResolvers<null>()
  const goOn = Promise.withResolvers<null>()
  agent.setMode = async () => {
    told.resolve(null)
    await goOn.promise
  }
  const answer = asking.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'bypassPermissions' } })
  await told.promise

  await asking.request('POST', '/auth/logout')
  goOn.resolve(null)

  expect(await answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect(await sessionOf(device, sessionId)).toMatchObject({ mode: 'default', modeUntil: null })
  const verdict = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), false))
  expect(await verdict).toMatchObject({ outcome: 'denied' })
})
