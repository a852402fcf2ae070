import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type TestContext, test, vi } from 'vitest'
import { processBirth } from '../../src/server/platform/process-identity.ts'
import { type Device, register, signIn } from '../support/api-client.ts'
import { answerTo, nextRequest } from '../support/approval-steps.ts'
import { type ModelRequest, type ModelStep, startScriptedAnthropic } from '../support/scripted-anthropic.ts'
import { eventOf, inState, promptMessage, sessionOf, startMessage } from '../support/session-steps.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { pidFrom } from '../support/pid-from.ts'
import { eventually } from '../support/within.ts'

/*
 * The whole server with the real Claude Code against a scripted model: what happens when either of them dies.
 */

vi.setConfig({ maxConcurrency: 2 })

/** Runs what a prompt says in backquotes, once, and says what came of it; anything else is answered with a word. */
function script(request: ModelRequest): ModelStep[] | undefined {
  if (request.toolNames.length === 0) return undefined
  const command = /`([^`]+)`/.exec(request.userText.split('\n').at(-1) ?? '')?.[1]
  if (request.toolResults.length === 0 && command !== undefined) return [{ tool: 'Bash', input: { command } }]
  return [{ text: `I remember ${String(request.wholeText.match(/remember this/g)?.length ?? 0)} things.` }]
}

/** Tests that run at once must each say for themselves what to clean up. */
async function setup({ onTestFinished: onEnd }: Pick<TestContext, 'onTestFinished'>) {
  const model = await startScriptedAnthropic(script)
  onEnd(() => model.close())
  const environment = {
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'scripted',
    CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '0',
    NO_PROXY: '127.0.0.1',
  }
  const server = await startTestServer({ environment, onEnd })
  const project = join(server.workspacesRoot, 'shop')
  await mkdir(project)
  const device = await register(server.url, server.setupCode)
  const { id: projectId } = await device.addProject(project)
  const restarted = async () => {
    const next = await startTestServer({ environment, folder: server.folder, onEnd })
    return { server: next, device: await signIn(next.url) }
  }
  return { server, device, project, projectId, restarted }
}

async function startSession(device: Device, projectId: string, prompt: string) {
  const socket = await device.connect()
  socket.send(startMessage(projectId, prompt))
  const { sessionId } = await socket.take('session-started')
  socket.send({ type: 'session-subscribe', sessionId })
  return { socket, sessionId }
}

const linesOf = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

/** The number that a running command wrote into a file. */

const isGone = (pid: number) =>
  eventually(`process ${String(pid)} to be gone`, async () => ((await processBirth(pid)) === null ? true : null), 5000)

/** The agent's process, a child of the server. */
async function agentOf({ pid }: TestServer): Promise<number> {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)])
  const [first, ...others] = stdout.trim().split('\n').map(Number)
  if (first === undefined || others.length > 0) throw new Error(`There is not exactly one child: ${stdout}`)
  return first
}

test('a call that is allowed runs, one that is denied does not', { concurrent: true }, async (context) => {
  const { device, project, projectId } = await setup(context)
  const { socket, sessionId } = await startSession(device, projectId, 'Run `echo ran >> log.txt`')
  const asked = await nextRequest(socket)

  expect(asked).toMatchObject({ toolName: 'Bash', toolInput: { command: 'echo ran >> log.txt' }, cwd: project })
  expect(await linesOf(join(project, 'log.txt'))).toEqual([])
  socket.send(answerTo(asked, true))
  expect(await eventOf(socket, 'turn.ended')).toMatchObject({ outcome: 'completed' })
  socket.send(promptMessage(sessionId, 'Run `echo again >> log.txt`'))
  socket.send(answerTo(await nextRequest(socket), false, { reason: 'Once is enough' }))
  await eventOf(socket, 'turn.ended')

  expect(await linesOf(join(project, 'log.txt'))).toEqual(['ran'])
})

test('an agent that is killed in a turn leaves it interrupted, and a prompt goes on with the same conversation', {
  concurrent: true,
}, async (context) => {
  const { server, device, project, projectId } = await setup(context)
  const { socket, sessionId } = await startSession(device, projectId, 'First remember this')
  await eventOf(socket, 'turn.ended')
  socket.send(promptMessage(sessionId, 'Run `echo $$ > pid.txt; exec sleep 300`'))
  socket.send(answerTo(await nextRequest(socket), true))
  const commandPid = await pidFrom(join(project, 'pid.txt'))

  process.kill(await agentOf(server), 'SIGKILL')

  expect(await eventOf(socket, 'turn.ended')).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('SIGKILL') } })
  await inState(device, sessionId, 'interrupted')
  await isGone(commandPid)
  socket.send(promptMessage(sessionId, 'And remember this'))
  await eventOf(socket, 'block.completed', ({ text }) => text === 'I remember 2 things.')
  expect(await eventOf(socket, 'turn.ended')).toMatchObject({ outcome: 'completed' })
})

test('a server that is killed while a call waits: nothing runs twice, and the conversation goes on after the restart', {
  concurrent: true,
}, async (context) => {
  const before = await setup(context)
  const { socket, sessionId } = await startSession(before.device, before.projectId, 'remember this and run `echo ran >> log.txt`')
  socket.send(answerTo(await nextRequest(socket), true))
  await eventOf(socket, 'turn.ended')
  socket.send(promptMessage(sessionId, 'Run `echo again >> log.txt`'))
  const waiting = await nextRequest(socket)
  const agentPid = await agentOf(before.server)
  const told = socket.received.filter((message) => message.type === 'session-event')

  await before.server.stop('SIGKILL')
  const { device } = await before.restarted()

  await isGone(agentPid)
  expect((await sessionOf(device, sessionId)).state).toBe('interrupted')
  const answer = await device.request('POST', `/approvals/${waiting.requestId}`, { body: { allow: true, inputHash: waiting.inputHash } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'ALREADY_RESOLVED', details: { outcome: 'cancelled' } } })
  const again = await device.connect()
  again.send({ type: 'session-subscribe', sessionId })
  await again.take('session-subscribed')
  expect(again.received.filter((message) => message.type === 'session-event').slice(0, told.length)).toEqual(told)
  expect(await eventOf(again, 'tool.ended', ({ status }) => status === 'unknown')).toBeDefined()
  again.send(promptMessage(sessionId, 'And remember this'))
  await eventOf(again, 'block.completed', ({ text }) => text === 'I remember 2 things.')
  expect(await linesOf(join(before.project, 'log.txt'))).toEqual(['ran'])
})

test('a server that is killed while a command runs: the next one ends what was left before it answers', {
  concurrent: true,
}, async (context) => {
  const { server, device, project, projectId, restarted } = await setup(context)
  const { socket, sessionId } = await startSession(device, projectId, 'Run `echo $$ >> pid.txt; exec sleep 300`')
  socket.send(answerTo(await nextRequest(socket), true))
  const commandPid = await pidFrom(join(project, 'pid.txt'))
  const agentPid = await agentOf(server)

  await server.stop('SIGKILL')
  const next = await restarted()

  await isGone(agentPid)
  await isGone(commandPid)
  expect((await sessionOf(next.device, sessionId)).state).toBe('interrupted')
  expect(await linesOf(join(project, 'pid.txt'))).toHaveLength(1)
})

test('a server that is asked to end in a turn ends within 10 s, marks it interrupted and leaves nothing running', {
  concurrent: true,
}, async (context) => {
  const { server, device, project, projectId, restarted } = await setup(context)
  const { socket, sessionId } = await startSession(device, projectId, 'Run `echo $$ >> pid.txt; exec sleep 300`')
  socket.send(answerTo(await nextRequest(socket), true))
  const commandPid = await pidFrom(join(project, 'pid.txt'))
  const agentPid = await agentOf(server)
  const start = performance.now()

  expect(await server.stop()).toEqual({ code: 0, signal: null })

  expect(performance.now() - start).toBeLessThan(10_000)
  await isGone(agentPid)
  await isGone(commandPid)
  const next = await restarted()
  expect((await sessionOf(next.device, sessionId)).state).toBe('interrupted')
})
