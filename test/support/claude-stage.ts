import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { MessageId, SessionId } from '#protocol/ids'
import type { EventOf } from '#protocol/session-events'
import { openCage } from '../../src/server/cage/open-cage.ts'
import { createClaudeProvider } from '../../src/server/providers/claude/claude-provider.ts'
import type { Agent, OpenAgent, Provider } from '../../src/server/providers/provider.ts'
import { type RecordingHost, recordingHost } from './recording-host.ts'
import { type ModelRequest, type ModelStep, type ScriptedAnthropic, startScriptedAnthropic } from './scripted-anthropic.ts'

export interface ClaudeStage {
  model: ScriptedAnthropic
  provider: Provider
  host: RecordingHost
  agent: Agent
  /** The project's folder. */
  cwd: string
  home: string
  /** The server's data folder, with a key in it. */
  data: string
  /** Sends a prompt and gives its id. */
  send(text: string): Promise<MessageId>
  /** Sends a prompt and waits until the turn that took it ends. */
  turn(text: string): Promise<EventOf<'turn.ended'>>
  /** The end of the turn that took this prompt. */
  turnOf(messageId: MessageId): Promise<EventOf<'turn.ended'>>
  /** Another agent for the same project and settings. */
  reopen(options: Partial<OpenAgent>): Promise<{ agent: Agent; host: RecordingHost }>
}

export interface StageOptions extends Partial<OpenAgent> {
  environment?: Record<string, string>
  /** Put in place before the agent starts. */
  prepare?: (place: { cwd: string; home: string }) => Promise<void>
  maxRetries?: number
}

export const SERVER_SECRET = 'only-for-the-server'

/** As the product starts agents. */
const CAGE = { wanted: 'required', limits: { processes: 16_384, memory: null }, agentUser: null } as const

const silentLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** The real Claude Code in a fresh folder, with a scripted model and a recording host. Cleaned up after the test. */
export async function claudeStage(
  answer: (request: ModelRequest) => ModelStep[] | undefined,
  { environment, prepare, maxRetries = 2, ...open }: StageOptions = {},
): Promise<ClaudeStage> {
  const model = await startScriptedAnthropic(answer)
  const home = await mkdtemp(join(tmpdir(), 'claude-home-'))
  const cwd = await mkdtemp(join(tmpdir(), 'claude-project-'))
  await prepare?.({ cwd, home })
  const data = await mkdtemp(join(tmpdir(), 'claude-data-'))
  await writeFile(join(data, 'database.key'), SERVER_SECRET)
  const provider = createClaudeProvider({
    cage: await openCage({ ...CAGE, contents: { hiddenFolder: data, hiddenFiles: [], readOnly: [] } }),
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      CLAUDE_CONFIG_DIR: join(home, '.claude'),
      CLAUDE_CODE_TMPDIR: home,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'sk-scripted',
      ...environment,
    },
    logger: silentLogger,
    maxRetries,
  })
  const agents: Agent[] = []
  const openAgent = async (options: Partial<OpenAgent>) => {
    const host = recordingHost()
    const agent = await provider.open(
      { sessionId: SessionId.parse('ses_test'), cwd, model: null, mode: 'default', trusted: false, ...open, ...options },
      host,
    )
    agents.push(agent)
    return { agent, host }
  }
  onTestFinished(async () => {
    await Promise.all(agents.map((agent) => agent.close('removed')))
    await model.close()
    await Promise.all([home, cwd, data].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })))
  })
  const { agent, host } = await openAgent({})
  const send = async (text: string) => {
    const messageId = MessageId.parse(randomUUID())
    await agent.prompt({ messageId, text, attachments: [] })
    return messageId
  }
  const turnOf = (messageId: MessageId) => host.event('turn.ended', (event) => event.messageIds.includes(messageId))
  return { model, provider, host, agent, cwd, home, data, send, turnOf, turn: async (text) => turnOf(await send(text)), reopen: openAgent }
}

/** Whether a process runs; one that has ended and waits to be buried does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))
  } catch {
    return false
  }
}
