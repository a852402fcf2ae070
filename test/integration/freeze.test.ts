import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { signIn } from '../support/api-client.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { sessionOf } from '../support/session-steps.ts'
import { TestClock } from '../support/test-clock.ts'
import { restart, signInSomebodyElse, type Workplace } from '../support/workplace.ts'

/*
 * One button that stops everything of everybody until it is released.
 */

const ownerOf = (workplace: Workplace) => signInSomebodyElse(workplace, 'owner', 'olga')
const routine = { ...commandAsk('ls'), toolName: 'Bash' }

test('freezing denies what waits and what comes, starts nothing, and is told to everybody', async () => {
  const workplace = await inTurn()
  const { agent, socket, device, sessionId } = workplace
  const owner = await ownerOf(workplace)
  const other = await owner.connect()
  const waiting = agent.ask(commandAsk('npm test'))
  const shown = await nextRequest(socket)

  const answer = await owner.request('POST', '/approvals/freeze', { body: { frozen: true, reason: 'Something is odd' } })

  expect(answer).toMatchObject({ status: 200, body: { frozen: true, by: 'olga', reason: 'Something is odd' } })
  expect(await waiting).toMatchObject({ outcome: 'denied' })
  for (const each of [socket, other]) expect(await each.take('frozen')).toMatchObject({ frozen: true, by: 'olga' })
  expect(await agent.ask(commandAsk('npm test'))).toMatchObject({ outcome: 'denied', message: expect.stringContaining('frozen by olga') })
  expect(await agent.ask(routine)).toMatchObject({ outcome: 'denied' })
  const late = await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } })
  expect(late).toMatchObject({ status: 409, body: { code: 'ALREADY_RESOLVED' } })
  socket.send({ type: 'session-prompt', clientId: 'frozen-1', sessionId, prompt: 'Go on' })
  expect(await socket.take('error')).toMatchObject({ code: 'FROZEN', error: expect.stringContaining('olga') })
  expect(await device.request('GET', '/approvals/freeze')).toMatchObject({ body: { frozen: true, by: 'olga' } })
})

test('releasing needs a fresh proof; afterwards agents are asked as before', async () => {
  const clock = new TestClock()
  const workplace = await inTurn({ clock })
  const { agent, socket, url } = workplace
  const owner = await ownerOf(workplace)
  await owner.request('POST', '/approvals/freeze', { body: { frozen: true } })

  clock.advance(6 * 60_000)
  expect(await owner.request('DELETE', '/approvals/freeze')).toMatchObject({
    status: 403,
    body: { code: 'STEP_UP_REQUIRED' },
  })
  const fresh = await signIn(url, 'olga')
  expect(await fresh.request('DELETE', '/approvals/freeze')).toMatchObject({
    status: 200,
    body: { frozen: false },
  })

  const verdict = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})

test('only an owner freezes', async () => {
  const workplace = await inTurn()
  const member = await signInSomebodyElse(workplace)
  expect(await member.request('POST', '/approvals/freeze', { body: { frozen: true } })).toMatchObject({ status: 403 })
  expect(await member.request('GET', '/approvals/freeze')).toMatchObject({ body: { frozen: false } })
})

test('of calls decided while it freezes, none that was let through comes after the freeze', async () => {
  const workplace = await inTurn()
  const { agent, socket, device } = workplace
  const owner = await ownerOf(workplace)
  const asked = Array.from({ length: 20 }, (_, index) => agent.ask(commandAsk(`npm run step-${String(index)}`)))
  const shown = await Promise.all(asked.map(() => nextRequest(socket)))
  let isFrozen = false
  const afterwards: string[] = []
  for (const verdict of asked) {
    void verdict.then(({ outcome }) => {
      if (isFrozen && outcome === 'allowed') afterwards.push(outcome)
    })
  }

  const freeze = owner.request('POST', '/approvals/freeze', { body: { frozen: true } }).then(() => {
    isFrozen = true
  })
  const answers = shown.map(({ requestId, inputHash }) =>
    device.request('POST', `/approvals/${requestId}`, { body: { allow: true, inputHash } }),
  )
  const routines = Array.from({ length: 20 }, () => agent.ask(routine))
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  await freeze
  const verdicts = await Promise.all([...asked, ...routines])

  expect(afterwards).toEqual([])
  // Whoever was told yes was first; everybody else was told why not.
  expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([])
  expect(verdicts.filter(({ outcome }) => outcome !== 'allowed' && outcome !== 'denied')).toEqual([])
  expect((await agent.ask(routine)).outcome).toBe('denied')
})

test('a freeze outlives the server', async () => {
  const workplace = await inTurn()
  await (await ownerOf(workplace)).request('POST', '/approvals/freeze', { body: {} })

  const { device, sessionId, ...after } = { ...(await restart(workplace)), sessionId: workplace.sessionId }

  expect(await device.request('GET', '/approvals/freeze')).toMatchObject({ body: { frozen: true, by: 'olga' } })
  const socket = await device.connect()
  socket.send({ type: 'session-prompt', clientId: 'frozen-2', sessionId, prompt: 'Go on' })
  expect(await socket.take('error')).toMatchObject({ code: 'FROZEN' })
  await after.close()
})

test('of a mode and a freeze at the same moment, the freeze wins', async () => {
  const workplace = await inTurn({ role: 'owner' })
  const { device, sessionId, agent, socket } = workplace
  await Promise.all([
    device.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'bypassPermissions' } }),
    device.request('POST', '/approvals/freeze', { body: {} }),
  ])
  await device.request('DELETE', '/approvals/freeze')

  const asked = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), false))
  expect(await asked).toMatchObject({ outcome: 'denied' })
  expect((await sessionOf(device, sessionId)).mode).toBe('default')
})
