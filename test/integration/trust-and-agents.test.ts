import { expect, test } from 'vitest'
import { eventOf, inState } from '../support/session-steps.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

test('an agent that was started without trust is ended when the project is trusted, and the next one has it', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('hello')
  expect(agent.options.trusted).toBe(false)

  await workplace.device.request('PATCH', `/projects/${workplace.project.id}`, { body: { trusted: true } })
  expect(agent.isGone).toBe(true)
  await inState(workplace.device, sessionId, 'exited')

  socket.send({ type: 'session-prompt', clientId: 'after-trust', sessionId, prompt: 'again' })
  const next = await workplace.provider.nextAgent()
  expect(next.options.trusted).toBe(true)
  expect((await next.answer('here')).text).toBe('again')
})

test('removing a project ends its agents, also in the middle of a turn', async () => {
  const workplace = await startWorkplace()
  const { agent, socket } = await startSession(workplace)
  await agent.startTurn()
  await workplace.device.request('DELETE', `/projects/${workplace.project.id}`)
  expect(agent.isGone).toBe(true)
  const { state } = await eventOf(socket, 'session.state', (event) => event.state === 'interrupted')
  expect(state).toBe('interrupted')
})

test('a folder that holds the data folder cannot become a project, one beside it can', async () => {
  const { device, folder, workspacesRoot } = await startWorkplace({ environment: { WORKSPACES_ROOT: '/' } })
  const refused = await device.request('POST', '/projects', { body: { path: folder } })
  expect(refused).toMatchObject({ status: 403, body: { code: 'PATH_OUTSIDE_PROJECT' } })
  const added = await device.request('POST', '/projects', { body: { path: workspacesRoot } })
  expect(added.status).toBe(201)
})
