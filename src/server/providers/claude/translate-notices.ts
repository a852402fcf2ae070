import type * as z from 'zod/mini'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import { newId } from '../../platform/new-id.ts'
import { type Conversation, headOf, laneOf, stateEvents, toolCallIdOf } from './conversation.ts'
import { describeModelFailure, describeRetry } from './failure-sentences.ts'
import type { RateLimitMessage, ReportMessage, RetryMessage, ToolProgress } from './native-messages.ts'
import { discardOpenBlocks, wholeText } from './translate-blocks.ts'

type NoticeCode = EventOf<'notice'>['code']

function notice(conversation: Conversation, level: EventOf<'notice'>['level'], code: NoticeCode, text: string): SessionEvent[] {
  return text.trim() === '' ? [] : [{ ...headOf(conversation), kind: 'notice', level, code, text: text.trim() }]
}

/**
 * A request failed and will be tried again. What streamed of it is void. A refused key is not worth waiting for:
 * then `giveUp` is true and the turn's failure is already told.
 */
export function translateRetry(conversation: Conversation, message: RetryMessage): { events: SessionEvent[]; giveUp: boolean } {
  const isRefused = message.error_status === 401 || message.error_status === 403
  // A login's token may just have expired: the agent renews it after the first refusal.
  const giveUp = isRefused && (conversation.usesApiKey || message.attempt >= 2)
  const events = discardOpenBlocks(
    conversation,
    laneOf(conversation, null),
    'The connection to the model broke off; the answer is asked for again.',
  )
  if (giveUp) {
    const failure = describeModelFailure({ kind: message.error ?? null, status: message.error_status, text: '', model: conversation.model })
    if (conversation.turn) conversation.turn.failure = failure
    return { events: [...events, ...notice(conversation, 'error', 'auth', failure.message)], giveUp }
  }
  const retry = { attempt: message.attempt, max: message.max_retries, delayMs: Math.round(message.retry_delay_ms) }
  const text = describeRetry(message.error_status, retry)
  events.push(...stateEvents(conversation, 'retrying', text))
  events.push({ ...headOf(conversation), kind: 'notice', level: 'warning', code: 'retry', text, retry })
  return { events, giveUp }
}

/** The heartbeat of a long tool call is dropped; a sub-agent's retry is told as one. */
export function translateProgress(conversation: Conversation, message: z.infer<typeof ToolProgress>): SessionEvent[] {
  const failed = message.subagent_retry
  if (!failed) return []
  const retry = { attempt: failed.attempt, max: failed.max_retries, delayMs: Math.round(failed.retry_delay_ms) }
  const text = describeRetry(failed.error_status, retry)
  return [
    { ...headOf(conversation), parentId: toolCallIdOf(message.tool_use_id), kind: 'notice', level: 'warning', code: 'retry', text, retry },
  ]
}

/** How near the account is to its limit: told when it changes, not with every answer. */
export function translateRateLimit(conversation: Conversation, message: z.infer<typeof RateLimitMessage>): SessionEvent[] {
  const { status, rateLimitType, resetsAt } = message.rate_limit_info
  const key = `${status}:${rateLimitType ?? ''}`
  if (key === conversation.lastRateLimit) return []
  conversation.lastRateLimit = key
  if (status === 'allowed') return []
  const until = typeof resetsAt === 'number' ? ` It is free again at ${new Date(resetsAt * 1000).toISOString()}.` : ''
  const isRejected = status === 'rejected'
  const text = isRejected ? `The account's usage limit is reached.${until}` : `The account is close to its usage limit.${until}`
  return notice(conversation, isRejected ? 'error' : 'warning', 'rate_limit', text)
}

/** What the agent says beside its work. */
export function translateReport(conversation: Conversation, message: ReportMessage): SessionEvent[] {
  switch (message.subtype) {
    case 'permission_denied':
      return notice(conversation, 'warning', 'permission_denied', `${message.tool_name} was not allowed: ${message.message}`)
    case 'informational':
      return message.level === 'warning'
        ? notice(conversation, 'warning', 'warning', message.content)
        : notice(conversation, 'info', 'info', message.content)
    case 'notification':
      return notice(conversation, 'info', 'info', message.text)
    case 'local_command_output':
      return wholeText(conversation, message.content, newId('out'))
    case 'model_refusal_fallback':
    case 'model_refusal_no_fallback':
      return notice(conversation, 'warning', 'refusal', message.content)
    case 'session_writes_lost': {
      const text = `Claude Code could not save the conversation because the disk is full (${message.error_code}). Free some space; after a restart it may not know what was said.`
      return notice(conversation, 'error', 'warning', text)
    }
  }
}
