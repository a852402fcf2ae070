import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { eventOf, promptMessage } from '../support/session-steps.ts'
import { fillDisk } from '../support/test-database.ts'

/*
 * A full disk, as SQLite itself reports it.
 */

/** Text that needs pages of its own in the database. */
const long = (name: string) => `${name} ${randomBytes(60_000).toString('hex')}`

test('what an agent says while the disk is full waits, the agent is held, and nothing is lost', async () => {
  const { agent, socket, database } = await inTurn()
  agent.say('before')
  await eventOf(socket, 'block.completed', ({ text }) => text === 'before')
  const makeSpace = await fillDisk(database)
  const texts = ['one', 'two', 'three'].map(long)

  for (const text of texts) agent.say(text)
  expect(await socket.take('error', ({ code }) => code === 'STORAGE_FULL')).toMatchObject({ error: expect.stringContaining('disk') })
  let isHeld = true
  const drained = agent.host.drained().then(() => {
    isHeld = false
  })
  agent.endTurn()
  await socket.roundTrip()
  expect(isHeld).toBe(true)
  expect(socket.received.some((message) => message.type === 'session-event' && message.event.kind === 'turn.ended')).toBe(false)

  await makeSpace()
  await drained
  await eventOf(socket, 'turn.ended')

  const said = socket.received.flatMap((message) =>
    message.type === 'session-event' && message.event.kind === 'block.completed' ? [message.event.text] : [],
  )
  expect(said).toEqual(['before', ...texts])
  const seqs = socket.received.flatMap((message) => (message.type === 'session-event' ? [message.seq] : []))
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

test('a request that cannot be saved is refused as such over HTTP, changes nothing, and works once there is space', async () => {
  const { device, project, database } = await inTurn()
  const makeSpace = await fillDisk(database)
  const rename = (name: string) => device.request('PATCH', `/projects/${project.id}`, { body: { name } })
  // Small rows find room in the pages that exist for a while.
  let last = await rename('name 0')
  let saved = 0
  while (last.status === 200 && saved < 500) {
    saved += 1
    last = await rename(`name ${String(saved)}`)
  }

  expect(last).toMatchObject({ status: 507, body: { code: 'STORAGE_FULL', error: expect.stringMatching(/full.*Free some space/) } })
  expect((await device.request('GET', `/projects/${project.id}`)).body).toMatchObject({ name: `name ${String(saved - 1)}` })
  await makeSpace()
  expect((await rename('after')).status).toBe(200)
})

test('a prompt that cannot be saved is refused, and the same one is taken once there is space', async () => {
  const { agent, socket, sessionId, database } = await inTurn()
  const makeSpace = await fillDisk(database)
  const prompt = promptMessage(sessionId, 'later')
  // Small rows find room in the pages that exist for a while, so they are used up first.
  for (let count = 0; count < 300; count += 1) {
    const filler = promptMessage(sessionId, 'filler')
    socket.send(filler)
    await socket.roundTrip()
    if (socket.received.some((message) => message.type === 'error' && message.clientId === filler.clientId)) break
  }

  socket.send(prompt)
  expect(await socket.take('error', ({ clientId }) => clientId === prompt.clientId)).toMatchObject({ code: 'STORAGE_FULL' })
  await makeSpace()
  socket.send(prompt)

  for (;;) if ((await agent.nextPrompt()).text === 'later') break
})

test('a decision that cannot be saved is told so, decides nothing, and can be given again', async () => {
  const { agent, socket, database } = await inTurn()
  const verdict = agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(socket)
  const makeSpace = await fillDisk(database)

  socket.send(answerTo(asked, true, { updatedInput: { command: long('echo') } }))
  expect(await socket.take('error', ({ requestId }) => requestId === asked.requestId)).toMatchObject({ code: 'STORAGE_FULL' })
  await makeSpace()
  socket.send(answerTo(asked, false))

  expect((await verdict).outcome).toBe('denied')
})
