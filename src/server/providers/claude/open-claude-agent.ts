import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Query, SpawnedProcess } from '@anthropic-ai/claude-agent-sdk'
import type { SessionEvent } from '#protocol/session-events'
import type { ProviderId } from '#protocol/ids'
import type { Cage } from '../../cage/cage.ts'
import type { AgentHost, OpenAgent } from '../provider.ts'
import { AgentUnavailableError } from '../provider-errors.ts'
import type { AdapterLogger } from './adapter-logger.ts'
import { createApprovalGate } from './approval-gate.ts'
import { ClaudeAgent } from './claude-agent.ts'
import { CLAUDE_CAPABILITIES, CLAUDE_MODES, knownModelsOf, modelOptionsOf } from './claude-catalogue.ts'
import { claudeEnvironment } from './claude-environment.ts'
import type { ClaudeSdk } from './claude-installation.ts'
import { ClaudeProcess } from './claude-process.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { Initialization } from './native-messages.ts'
import { PromptInbox } from './prompt-inbox.ts'
import { queryOptions } from './query-options.ts'

/** A program that says nothing for this long is not Claude Code. */
const START_MS = 60_000
const UNKNOWN_CONVERSATION = /no conversation found/i

export interface OpenClaudeAgent {
  sdk: ClaudeSdk
  providerId: ProviderId
  environment: Record<string, string>
  cliPath: string | undefined
  maxRetries: number | undefined
  logger: AdapterLogger
  cage: Cage
  agent: OpenAgent
  host: AgentHost
}

export interface OpenedClaudeAgent {
  agent: ClaudeAgent
  initialization: Initialization
}

/**
 * Starts Claude Code for one session. An earlier conversation that it does not know any more is started anew, with a notice.
 * @throws AgentUnavailableError when it does not start
 */
export async function openClaudeAgent(setup: OpenClaudeAgent): Promise<OpenedClaudeAgent> {
  const { resume } = setup.agent
  if (resume === undefined) return start(setup, undefined)
  try {
    return await start(setup, resume)
  } catch (error) {
    if (!(error instanceof UnknownConversationError)) throw error
    const opened = await start(setup, undefined)
    const text = 'Claude Code does not have the earlier conversation any more. It starts anew and does not know what was said before.'
    setup.host.emit({ v: 1, kind: 'notice', level: 'warning', code: 'config', text })
    return opened
  }
}

class UnknownConversationError extends AgentUnavailableError {}

async function start(setup: OpenClaudeAgent, resume: string | undefined): Promise<OpenedClaudeAgent> {
  const { host, logger } = setup
  const launch = launchQuery(setup, resume)
  const { query, process, conversation, inbox, ended } = launch
  try {
    const reported =
      process.pid === undefined ? undefined : host.processStarted({ pid: process.pid, command: process.command, mark: process.mark })
    const [initialization] = await Promise.all([initialized(query, process), reported])
    conversation.models = knownModelsOf(initialization)
    conversation.commands = initialization.commands.map((command) => command.name)
    host.emit(openedEvent(setup, conversation, initialization))
    const agent = new ClaudeAgent({ conversation, query, process, inbox, host, logger, ended })
    launch.agent = agent
    void agent.run()
    return { agent, initialization }
  } catch (cause) {
    ended.abort()
    query.close()
    await process.kill()
    await process.exited
    if (process.pid !== undefined) await host.processExited(process.pid)
    throw startFailure(cause, process)
  }
}

interface Launch {
  query: Query
  process: ClaudeProcess
  conversation: Conversation
  inbox: PromptInbox
  ended: AbortController
  /** Set once it accepts prompts; nothing is asked before. */
  agent: ClaudeAgent | null
}

function launchQuery(setup: OpenClaudeAgent, resume: string | undefined): Launch {
  const { agent: asked, host, sdk } = setup
  const mark = randomUUID()
  const conversation = createConversation({
    cwd: asked.cwd,
    now: () => performance.now(),
    nativeId: resume ?? null,
    model: asked.model,
    mode: asked.mode,
    models: [],
    commands: [],
  })
  const inbox = new PromptInbox()
  const ended = new AbortController()
  const started: { agent: ClaudeAgent | null; process: ClaudeProcess | null } = { agent: null, process: null }
  const gate = createApprovalGate({
    conversation,
    host,
    plansDirectory: join(setup.environment.CLAUDE_CONFIG_DIR ?? join(setup.environment.HOME ?? '/', '.claude'), 'plans'),
    ended: ended.signal,
    emit: (events) => started.agent?.tell(events),
    told: async (id) => started.agent?.told(id),
    planApproved: (mode) => started.agent?.planApproved(mode),
  })
  const spawn = (command: ConstructorParameters<typeof ClaudeProcess>[0]): SpawnedProcess => {
    started.process = new ClaudeProcess(command, mark, setup.cage)
    return started.process.spawned
  }
  const environment = claudeEnvironment(setup.environment, setup.maxRetries, mark)
  const query = sdk.query({
    prompt: inbox,
    options: queryOptions({ agent: asked, resume, environment, cliPath: setup.cliPath, gate, spawn }),
  })
  if (!started.process)
    throw new AgentUnavailableError('The Claude Agent SDK did not start Claude Code. Reinstall it and restart the server.')
  return Object.assign(started, { query, process: started.process, conversation, inbox, ended })
}

/** The agent's answer to the SDK's greeting; then it accepts prompts. */
async function initialized(query: Query, process: ClaudeProcess): Promise<Initialization> {
  const silent = Promise.withResolvers<never>()
  const timer = setTimeout(() => silent.reject(new Error(`It said nothing for ${String(START_MS / 1000)} seconds.`)), START_MS)
  const gone = process.exited.then(({ code, signal }) => {
    throw new Error(`It ended at once (${signal ?? `exit code ${String(code)}`}).`)
  })
  try {
    return Initialization.parse(await Promise.race([query.initializationResult(), silent.promise, gone]))
  } finally {
    clearTimeout(timer)
    gone.catch(() => {})
  }
}

function openedEvent(setup: OpenClaudeAgent, conversation: Conversation, initialization: Initialization): SessionEvent {
  return {
    v: 1,
    kind: 'session.opened',
    nativeId: conversation.nativeId ?? undefined,
    provider: setup.providerId,
    cwd: conversation.cwd,
    model: conversation.model,
    mode: conversation.mode,
    version: initialization.claude_code_version ?? null,
    tools: [],
    commands: conversation.commands,
    models: modelOptionsOf(initialization),
    modes: CLAUDE_MODES,
    caps: CLAUDE_CAPABILITIES,
  }
}

function startFailure(cause: unknown, process: ClaudeProcess): AgentUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (UNKNOWN_CONVERSATION.test(`${reason}\n${process.stderrTail}`))
    return new UnknownConversationError('Claude Code does not know this conversation.', cause)
  const said = process.stderrTail.trim().split('\n').slice(-3).join(' ')
  return new AgentUnavailableError(
    `Claude Code did not start. ${said === '' ? reason : said} Check that "${process.command}" runs in a terminal on this machine.`,
    cause,
  )
}
