import type { Kysely } from 'kysely'
import { type ClientId, type MessageId, type ProjectId, SessionId, type UserId } from '#protocol/ids'
import type { Attachment, SessionPrompt, SessionStart } from '#protocol/messages'
import type { AgentMode } from '#protocol/providers'
import type { EventOf } from '#protocol/session-events'
import type { Session, UpdateSession } from '#protocol/sessions'
import type { Project } from '#protocol/projects'
import type { Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import { isUniqueViolation, translateStorageError } from '../platform/database.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Logger } from '../platform/logger.ts'
import { newId } from '../platform/new-id.ts'
import type { Tables } from '../platform/schema.ts'
import type { Provider } from '../providers/provider.ts'
import type { AgentPool } from './agent-pool.ts'
import type { SessionAccess } from './session-access.ts'
import { AgentNotAllowedError, SessionNotFoundError } from './session-errors.ts'
import { SessionRepository, type SessionRow } from './session-repository.ts'
import { placeOf } from './mode-place.ts'
import { modeChange, type SessionModes } from './session-modes.ts'
import type { Skipping } from './skipping.ts'
import { checkPictures } from './check-pictures.ts'
import { notePrompt } from './note-prompt.ts'
import type { SessionWriters } from './session-writers.ts'

const MAX_TITLE = 80

export interface SessionServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  access: SessionAccess
  writers: SessionWriters
  pool: AgentPool
  provider: (id: string) => Provider
  openProject: (id: ProjectId) => Promise<Project>
  modes: SessionModes
  skipping: Skipping
  mayHaveAgents: (userId: UserId) => Promise<boolean>
  /** Throws FrozenError while nothing may be started. */
  refuseFrozen: () => Promise<void>
}

interface Prompt {
  messageId: MessageId
  clientId: string
  text: string
  attachments: Attachment[]
}

/** Conversations with agents. */
export class SessionService {
  readonly #deps: SessionServiceDeps
  readonly #sessions: SessionRepository
  /** Prompts of a session reach its agent in the order in which they came. */
  readonly #queues = new Map<SessionId, Promise<void>>()
  readonly #underWay = new Set<MessageId>()

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps
    this.#sessions = new SessionRepository(deps.database)
  }

  /**
   * Starts a session with its first prompt. The same `clientId` again returns the session that it made.
   * @throws ForbiddenError | StepUpRequiredError for a mode beyond the caller's rights | ProjectNotFoundError | ProjectUnavailableError | DomainError NOT_FOUND for an unknown provider, UNSUPPORTED_MEDIA_TYPE | TOO_LARGE for a picture
   */
  async start(request: SessionStart, principal: Principal): Promise<Session> {
    checkPictures(request.options?.attachments ?? [])
    await this.#deps.refuseFrozen()
    const row = (await this.#sessions.findByClientId(principal.user.id, request.clientId)) ?? (await this.#create(request, principal))
    await this.#accept(row.id, request, request.options?.attachments ?? [])
    await this.#deps.writers.announce(row.id)
    return this.#deps.access.describe(row)
  }

  /** Hands a prompt to a session; one that was seen before is not handed over again. @throws SessionNotFoundError | ForbiddenError | FrozenError | DomainError for a picture */
  async prompt(request: SessionPrompt, principal: Principal): Promise<void> {
    const row = await this.#deps.access.own(request.sessionId, principal)
    checkPictures(request.attachments ?? [])
    await this.#deps.refuseFrozen()
    const noted = { at: this.#deps.clock.now(), sessionId: row.id, request }
    await this.#deps.database.transaction().execute((transaction) => notePrompt(transaction, noted, principal))
    await this.#accept(row.id, request, request.attachments ?? [])
  }

  /** Ends the running turn; without one it does nothing. @throws SessionNotFoundError | ForbiddenError */
  async interrupt(sessionId: SessionId, principal: Principal): Promise<void> {
    const row = await this.#deps.access.own(sessionId, principal)
    const agent = await this.#deps.pool.find(row.id)
    if (!agent) return
    await recordAudit(this.#deps.database, {
      at: this.#deps.clock.now(),
      actor: principal.user.username,
      device: principal.device,
      action: 'session.interrupted',
      subject: row.id,
    })
    await agent.interrupt()
  }

  /** Changes title, mode or model, of the running agent too. @throws SessionNotFoundError | ForbiddenError | StepUpRequiredError | FrozenError */
  async update(sessionId: SessionId, change: UpdateSession, principal: Principal): Promise<Session> {
    const { access, pool, writers, database, clock, modes } = this.#deps
    const { mode: wanted, modeMinutes: minutes, ...others } = change
    const row = await access.own(sessionId, principal)
    if (wanted !== undefined) await modes.check(principal, wanted, placeOf(row))
    if (wanted === 'bypassPermissions') await this.#deps.refuseFrozen()
    const agent = await pool.find(row.id)
    if (change.model !== undefined) {
      await agent?.setModel(change.model)
      await this.#sessions.update(row.id, { model: change.model })
    }
    if (wanted !== undefined) await modes.choose(row, { mode: wanted, minutes }, principal)
    if (Object.keys(others).length > 0)
      await recordAudit(database, {
        at: clock.now(),
        actor: principal.user.username,
        device: principal.device,
        action: 'session.updated',
        subject: row.id,
        details: { ...others },
      })
    const writer = await writers.get(row.id)
    // A running agent tells of its model itself, in its own words.
    const told = agent ? pickTitle(change) : others
    if (Object.keys(told).length > 0) writer.append({ v: 1, kind: 'session.updated', ...definedOnly(told) })
    // Not waited for: while the disk is full, the change holds all the same and is stored with what else waits.
    const { state, mode, modeUntil, title } = writer.summary
    return { ...(await access.get(sessionId, principal)), state, mode, modeUntil, title }
  }

  /** The mode that a decision chose; the agent itself learns of a plan's next mode with the decision. */
  async changeMode(sessionId: SessionId, mode: AgentMode): Promise<void> {
    const writer = await this.#deps.writers.get(sessionId)
    const isPlanApproval = writer.summary.mode === 'plan'
    writer.append({ v: 1, kind: 'session.updated', mode })
    if (isPlanApproval) return
    const agent = await this.#deps.pool.find(sessionId)
    await agent?.setMode(mode)
  }

  /** Resolves when every prompt that was taken has reached its agent or failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#queues.values())
  }

  async #create(request: SessionStart, principal: Principal): Promise<SessionRow> {
    const { projectId, provider, options } = request
    if (options?.mode !== undefined)
      await this.#deps.modes.check(principal, options.mode, { userId: principal.user.id, projectId, sessionId: null, provider })
    await this.#deps.openProject(request.projectId)
    this.#deps.provider(request.provider)
    try {
      const row = await this.#insert(request, principal)
      if (row.mode_until !== null) await this.#deps.skipping.begin(placeOf(row), row.mode_until, principal)
      return row
    } catch (error) {
      const existing = isUniqueViolation(error) ? await this.#sessions.findByClientId(principal.user.id, request.clientId) : undefined
      if (!existing) throw error
      return existing
    }
  }

  async #insert(request: SessionStart, principal: Principal): Promise<SessionRow> {
    const { user, device } = principal
    const id = SessionId.parse(newId('ses'))
    const at = this.#deps.clock.now()
    const { mode = 'default', modeMinutes: minutes } = request.options ?? {}
    const until = this.#deps.modes.endOf({ mode, minutes })
    return this.#deps.database.transaction().execute(async (transaction) => {
      const sessions = new SessionRepository(transaction)
      await sessions.insert({ ...newRow(id, request, user.id, at), mode_until: until })
      const details = { projectId: request.projectId, provider: request.provider }
      await recordAudit(transaction, { at, actor: user.username, device, action: 'session.started', subject: id, details })
      if (until !== null) await recordAudit(transaction, modeChange(principal, { at, sessionId: id, mode, before: null, until }))
      await notePrompt(transaction, { at, sessionId: id, request }, principal)
      const row = await sessions.find(id)
      if (!row) throw new SessionNotFoundError()
      return row
    })
  }

  /** Delivers a noted prompt unless the log holds it or it is on its way: a server that died between the two lost it. */
  async #accept(sessionId: SessionId, request: { clientId: ClientId; prompt: string }, attachments: Attachment[]): Promise<void> {
    const noted = await this.#sessions.findPrompt(sessionId, request.clientId)
    if (!noted || noted.isLogged || this.#underWay.has(noted.messageId)) return
    this.#underWay.add(noted.messageId)
    this.#deliver(sessionId, { messageId: noted.messageId, clientId: request.clientId, text: request.prompt, attachments })
  }

  /** Logs the prompt and passes it on behind those before it. What goes wrong is told in the session's log. */
  #deliver(sessionId: SessionId, prompt: Prompt): void {
    const before = this.#queues.get(sessionId) ?? Promise.resolve()
    const delivered = before.then(() => this.#pass(sessionId, prompt))
    this.#queues.set(sessionId, delivered)
    void delivered.finally(() => {
      this.#underWay.delete(prompt.messageId)
      if (this.#queues.get(sessionId) === delivered) this.#queues.delete(sessionId)
    })
  }

  async #pass(sessionId: SessionId, prompt: Prompt): Promise<void> {
    const { writers, pool, logger } = this.#deps
    try {
      const writer = await writers.get(sessionId)
      writer.append(userMessage(prompt, 'queued'))
      const row = await this.#sessions.find(sessionId)
      if (!row) throw new SessionNotFoundError()
      const agent = await pool.ensure(row)
      // Asked once the agent is there: whoever loses the right from now on finds it and ends it.
      if (!(await this.#deps.mayHaveAgents(row.user_id))) {
        await pool.close(row.id, 'removed')
        throw new AgentNotAllowedError()
      }
      await this.#deps.refuseFrozen()
      await agent.prompt({ messageId: prompt.messageId, text: prompt.text, attachments: prompt.attachments })
    } catch (error) {
      logger.warn({ err: error, sessionId }, 'a prompt could not be delivered')
      await this.#tellUndelivered(sessionId, prompt, error)
    }
    // Only once it is stored may a repetition of it be told from a prompt that was lost.
    const writer = await writers.get(sessionId).catch(() => null)
    await writer?.flushed()
  }

  async #tellUndelivered(sessionId: SessionId, prompt: Prompt, error: unknown): Promise<void> {
    const known = translateStorageError(error)
    const text = known instanceof DomainError ? known.message : 'The agent could not be started. The server log says why.'
    const { writers, pool } = this.#deps
    const writer = await writers.get(sessionId).catch(() => null)
    writer?.append(userMessage(prompt, 'cancelled'))
    writer?.append({ v: 1, kind: 'notice', level: 'error', code: 'config', text })
    // Nothing was started, as where there is no room for another agent.
    if (writer?.summary.state === 'starting' && !pool.isLive(sessionId)) writer.append({ v: 1, kind: 'session.state', state: 'exited' })
  }
}

function newRow(id: SessionId, request: SessionStart, userId: UserId, at: Date) {
  const { options } = request
  return {
    id,
    user_id: userId,
    project_id: request.projectId,
    provider: request.provider,
    native_id: null,
    title: titleOf(request.prompt),
    state: 'starting' as const,
    mode: options?.mode ?? ('default' as const),
    model: options?.model ?? null,
    thinking: options?.thinking === undefined ? null : Number(options.thinking),
    usage: null,
    last_seq: 0,
    owner: null,
    client_id: request.clientId,
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
  }
}

/** The first line of the prompt, cut at a word. */
function titleOf(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0]?.trim() ?? ''
  if (line.length <= MAX_TITLE) return line
  return `${line.slice(0, MAX_TITLE - 1).replace(/\s+\S*$/, '')}…`
}

function userMessage({ messageId, clientId, text, attachments }: Prompt, delivery: 'queued' | 'cancelled'): EventOf<'user.message'> {
  const pictures = attachments.map(({ mediaType, name }) => ({
    type: 'image' as const,
    mediaType,
    ...(name === undefined ? {} : { name }),
  }))
  return { v: 1, kind: 'user.message', messageId, clientId, content: [{ type: 'text', text }, ...pictures], delivery, origin: 'user' }
}

function pickTitle({ title }: UpdateSession): UpdateSession {
  return title === undefined ? {} : { title }
}

function definedOnly({ title, model }: UpdateSession) {
  return { ...(title === undefined ? {} : { title }), ...(model === undefined ? {} : { model }) }
}
