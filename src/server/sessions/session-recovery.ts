import { applyEvent, initialSessionView, openApprovals, openToolCalls, type SessionView } from '#protocol/session-reducer'
import { MessageId, RequestId, ToolCallId, TurnId } from '#protocol/ids'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import type { Logger } from '../platform/logger.ts'
import type { AgentProcesses } from './agent-processes.ts'
import type { SessionLog } from './session-log.ts'
import type { SessionRepository, SessionRow } from './session-repository.ts'
import type { SessionWriters } from './session-writers.ts'

const PAGE = 2000
const WHAT_HAPPENED = 'The server stopped during this turn. Send a prompt to go on from here.'

export interface SessionRecoveryDeps {
  repository: SessionRepository
  log: SessionLog
  writers: SessionWriters
  processes: AgentProcesses
  logger: Logger
  cancelApprovals: (why: string) => Promise<void>
  /** Writes to the log how a request ended, where it ended. */
  tellApproval: (id: RequestId) => Promise<void>
}

/**
 * Puts right what a server that died has left: its agents' processes are ended, what waited for a decision is cancelled,
 * and sessions in the middle of a turn say so. Nothing is run again.
 */
export async function recoverSessions(deps: SessionRecoveryDeps): Promise<void> {
  await deps.processes.reapLeftovers()
  await deps.cancelApprovals('the server was restarted')
  await deps.writers.flushAll()
  for (const row of await deps.repository.listUnfinished()) {
    deps.logger.info({ sessionId: row.id, state: row.state }, 'session of an earlier server recovered')
    await closeOpenEnds(row, deps)
    await deps.repository.update(row.id, { owner: null })
  }
}

async function closeOpenEnds(row: SessionRow, { log, writers, tellApproval }: SessionRecoveryDeps): Promise<void> {
  const view = await replay(row, log)
  for (const { approvalId } of openApprovals(view)) await tellApproval(RequestId.parse(approvalId))
  const writer = await writers.get(row.id)
  for (const event of endingsOf(view)) writer.append(event)
  const wasIdle = view.turn === null && (row.state === 'idle' || row.state === 'exited')
  writer.append({ v: 1, kind: 'session.state', state: wasIdle ? 'exited' : 'interrupted', ...(wasIdle ? {} : { detail: WHAT_HAPPENED }) })
  await writer.flushed()
}

async function replay(row: SessionRow, log: SessionLog): Promise<SessionView> {
  let view = initialSessionView()
  for (;;) {
    const page = await log.read(row.id, view.lastSeq, PAGE)
    for (const event of page) view = applyEvent(view, event)
    if (page.length === 0) return view
  }
}

/** The events that were due and never came. */
function endingsOf(view: SessionView): SessionEvent[] {
  const tools = openToolCalls(view).map(
    (tool): EventOf<'tool.ended'> => ({ v: 1, kind: 'tool.ended', toolCallId: ToolCallId.parse(tool.toolCallId), status: 'unknown' }),
  )
  const prompts = view.queued.map(
    (prompt): EventOf<'user.message'> => ({
      v: 1,
      kind: 'user.message',
      messageId: MessageId.parse(prompt.messageId),
      content: [...prompt.content],
      delivery: 'cancelled',
      origin: 'user',
    }),
  )
  if (view.turn === null) return [...tools, ...prompts]
  const turnId = view.turn.turnId === null ? {} : { turnId: TurnId.parse(view.turn.turnId) }
  return [
    ...tools,
    ...prompts,
    { v: 1, kind: 'turn.ended', ...turnId, outcome: 'failed', error: { code: 'interrupted', message: WHAT_HAPPENED }, messageIds: [] },
  ]
}
