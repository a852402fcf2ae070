import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { SequencedEvent, type SessionEvent } from '#protocol/session-events'
import { type Device, signIn } from '../support/api-client.ts'
import { answerTo, nextRequest } from '../support/approval-steps.ts'
import { inState, promptMessage, sessionOf, startMessage } from '../support/session-steps.ts'
import type { SocketClient } from '../support/socket-client.ts'
import { within } from '../support/within.ts'
import { startWorkplace } from '../support/workplace.ts'

/*
 * `kill -9` of the server's process at each step of a call: afterwards nothing has run twice, nothing was approved by
 * default, the session says that it was interrupted, and a prompt has the call asked again.
 */

const SCRIPT = join(dirname(import.meta.dirname), 'support', 'dying-server.ts')

interface Server {
  url: string
  child: ChildProcess
  died: Promise<unknown>
}

interface Place {
  folder: string
  key: Buffer
}

async function startDying({ folder, key }: Place, step: string): Promise<Server> {
  const child = spawn(process.execPath, [SCRIPT, folder, key.toString('hex'), step], { stdio: ['ignore', 'pipe', 'inherit'] })
  const died = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await died
  })
  const [url] = await within(20_000, 'the server to listen', once(createInterface({ input: child.stdout }), 'line'))
  return { url: String(url), child, died }
}

/** Until the server's process is gone by its own hand. */
async function death({ child, died }: Server): Promise<void> {
  await within(20_000, 'the server to die', died)
  expect(child.signalCode).toBe('SIGKILL')
}

async function effectsIn({ folder }: Place): Promise<number> {
  const text = await readFile(join(folder, 'effects'), 'utf8').catch(() => '')
  return text.split('\n').length - 1
}

async function eventsOf(device: Device, sessionId: string): Promise<SessionEvent[]> {
  const { body } = await device.request('GET', `/sessions/${sessionId}/events?limit=1000`)
  return pageOf(SequencedEvent)
    .parse(body)
    .items.map(({ event }) => event)
}

type Asked = Awaited<ReturnType<typeof nextRequest>>

interface Case {
  step: string
  /** What a person does once the call waits. */
  act: (socket: SocketClient, asked: Asked, device: Device) => void
  /** How often the call ran before the server died. */
  ran: number
  /** How the log tells afterwards that the request ended. */
  outcome: string
}

const allow: Case['act'] = (socket, asked) => socket.send(answerTo(asked, true))

const CASES: Case[] = [
  { step: 'decided', act: allow, ran: 0, outcome: 'allowed' },
  { step: 'running', act: allow, ran: 1, outcome: 'allowed' },
  { step: 'ended', act: allow, ran: 1, outcome: 'allowed' },
]

async function prepare(step: string) {
  const workplace = await startWorkplace({ role: 'owner' })
  await workplace.close()
  const server = await startDying(workplace, step)
  const device = await signIn(server.url)
  const socket = await device.connect()
  socket.send(startMessage(workplace.project.id))
  const { sessionId } = await socket.take('session-started')
  return { place: workplace, server, device, socket, sessionId }
}

/** The next server on what the dead one left: interrupted, nothing waits, nothing ran meanwhile. */
async function comeBack(place: Place, sessionId: string, ran: number) {
  expect(await effectsIn(place)).toBe(ran)
  const server = await startDying(place, 'never')
  const device = await signIn(server.url)
  const session = await inState(device, sessionId, 'interrupted')
  expect(session.pendingApprovals).toBe(0)
  expect(await effectsIn(place)).toBe(ran)
  return { server, device }
}

/** One prompt has it asked anew; it runs once more when somebody says so, and not before. */
async function askedAgain(device: Device, { place, sessionId, ran }: { place: Place; sessionId: string; ran: number }): Promise<Asked> {
  const socket = await device.connect()
  socket.send(promptMessage(sessionId, 'Go on'))
  const asked = await nextRequest(socket)
  expect(await effectsIn(place)).toBe(ran)
  socket.send(answerTo(asked, true))
  await inState(device, sessionId, 'idle')
  expect(await effectsIn(place)).toBe(ran + 1)
  return asked
}

test.for(CASES)('killed when the call is $step', async ({ step, act, ran, outcome }) => {
  const { place, server, device, socket, sessionId } = await prepare(step)
  const asked = await nextRequest(socket)
  act(socket, asked, device)
  await death(server)

  const after = await comeBack(place, sessionId, ran)

  const events = await eventsOf(after.device, sessionId)
  const ends = events.flatMap((event) => (event.kind === 'approval.resolved' ? [event] : []))
  expect(ends).toMatchObject([{ approvalId: asked.requestId, outcome, by: { kind: 'user', name: 'ada' } }])
  expect(events.flatMap((event) => (event.kind === 'tool.ended' ? [event.status] : []))).toEqual(['unknown'])
  // The old answer counts for nothing any more, not for what is asked anew either.
  const replay = { body: { allow: true, inputHash: asked.inputHash } }
  const again = await askedAgain(after.device, { place, sessionId, ran })
  expect(again.requestId).not.toBe(asked.requestId)
  expect(await after.device.request('POST', `/approvals/${asked.requestId}`, replay)).toMatchObject({
    status: 409,
    body: { code: 'ALREADY_RESOLVED' },
  })
})

test('killed when the call waits, before anybody saw it', async () => {
  const { place, server, sessionId } = await prepare('pending')
  await death(server)

  const { device } = await comeBack(place, sessionId, 0)

  const ends = (await eventsOf(device, sessionId)).flatMap((event) => (event.kind === 'approval.resolved' ? [event] : []))
  expect(ends).toMatchObject([{ outcome: 'cancelled', by: { kind: 'system', name: 'the server was restarted' } }])
  await askedAgain(device, { place, sessionId, ran: 0 })
})

test('killed while everything is frozen: it stays frozen, what waited did not run, and is asked once it is released', async () => {
  const { place, server, device, socket, sessionId } = await prepare('freezing')
  await nextRequest(socket)
  const frozen = device.request('POST', '/approvals/freeze', { body: {} }).catch(() => null)
  await death(server)
  await frozen

  const after = await comeBack(place, sessionId, 0)

  expect(await after.device.request('GET', '/approvals/freeze')).toMatchObject({ body: { frozen: true, by: 'ada' } })
  const refused = await after.device.connect()
  refused.send(promptMessage(sessionId, 'Go on'))
  expect(await refused.take('error')).toMatchObject({ code: 'FROZEN' })
  expect((await sessionOf(after.device, sessionId)).state).toBe('interrupted')
  await after.device.request('DELETE', '/approvals/freeze')
  await askedAgain(after.device, { place, sessionId, ran: 0 })
})
