import { randomUUID } from 'node:crypto'
import type { Role } from '#protocol/auth'
import type { SessionId } from '#protocol/ids'
import type { Project } from '#protocol/projects'
import { type Device, PASSWORD, signIn } from './api-client.ts'
import { type ScriptedAgent, ScriptedProvider } from './scripted-provider.ts'
import type { SocketClient } from './socket-client.ts'
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts'
import { insertUser } from './test-database.ts'

/** A server with a scripted agent, and somebody who is signed in and has a project. */
export interface Workplace extends TestApp {
  provider: ScriptedProvider
  device: Device
  project: Project
}

export async function startWorkplace({
  role = 'member',
  ...options
}: Omit<TestAppOptions, 'providers'> & { role?: Role } = {}): Promise<Workplace> {
  const provider = new ScriptedProvider()
  const server = await startTestApp({ ...options, providers: [provider] })
  await insertUser(server.database, { username: 'ada', password: PASSWORD, role })
  const device = await signIn(server.url)
  return { ...server, provider, device, project: await device.addProject(server.projectPath) }
}

/** The same workplace after its server was stopped and started again. */
export async function restart(workplace: Workplace, options: Omit<TestAppOptions, 'providers' | 'of'> = {}): Promise<Workplace> {
  await workplace.close()
  const provider = new ScriptedProvider()
  const server = await startTestApp({ ...options, of: workplace, providers: [provider] })
  return { ...workplace, ...server, provider, device: await signIn(server.url) }
}

/** Somebody else on the same server. */
export async function signInSomebodyElse({ database, url }: TestApp, role: Role = 'member', username = 'eve'): Promise<Device> {
  await insertUser(database, { username, password: PASSWORD, role })
  return signIn(url, username)
}

/** A session whose agent has not taken up its first prompt yet. */
export interface StartedSession {
  sessionId: SessionId
  agent: ScriptedAgent
  /** Follows the session. */
  socket: SocketClient
}

export async function startSession({ device, project, provider }: Workplace, prompt = 'Hello'): Promise<StartedSession> {
  const socket = await device.connect()
  socket.send({ type: 'session-start', clientId: randomUUID(), provider: provider.id, projectId: project.id, prompt })
  const { sessionId } = await socket.take('session-started')
  socket.send({ type: 'session-subscribe', sessionId })
  return { sessionId, socket, agent: await provider.nextAgent() }
}
