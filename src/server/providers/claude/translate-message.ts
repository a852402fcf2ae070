import type { SessionEvent } from '#protocol/session-events'
import { type Conversation, headOf } from './conversation.ts'
import { NativeMessage, type SystemMessage, type TaskMessage } from './native-messages.ts'
import { translateAssistant, translateStreamEvent } from './translate-blocks.ts'
import { translateProgress, translateRateLimit, translateReport, translateRetry } from './translate-notices.ts'
import {
  type ModeVerdict,
  translateCommands,
  translateCompaction,
  translateInit,
  translateReset,
  translateState,
  translateStatus,
  translateTitle,
} from './translate-session.ts'
import { isTaskMessage, translateTask } from './translate-tasks.ts'
import { translateUser } from './translate-tool-results.ts'
import { endTurn, translateLifecycle, translateResult } from './translate-turns.ts'

/** What the adapter must do besides passing the events on. */
export type FollowUp = { do: 'interrupt' } | { do: 'set-mode'; mode: 'default' | 'plan' }

export interface Translation {
  events: SessionEvent[]
  followUps: FollowUp[]
}

/** Messages that say nothing a person or the log needs. */
const BORING = new Set([
  'keep_alive',
  'auth_status',
  'tool_use_summary',
  'prompt_suggestion',
  'active_goal',
  'system/thinking_tokens',
  'system/hook_started',
  'system/hook_progress',
  'system/hook_response',
  'system/files_persisted',
  'system/memory_recall',
  'system/plugin_install',
  'system/control_request_progress',
  'system/worker_shutting_down',
  'system/elicitation_complete',
])
const MAX_RAW = 16 * 1024

/** Turns one message of the agent into events. Changes the conversation and nothing else. */
export function translateMessage(conversation: Conversation, raw: unknown): Translation {
  if (BORING.has(nameOf(raw))) return { events: [], followUps: [] }
  const parsed = NativeMessage.safeParse(raw)
  return parsed.success ? dispatch(conversation, parsed.data) : only(rawEvent(conversation, raw))
}

function dispatch(conversation: Conversation, message: NativeMessage): Translation {
  switch (message.type) {
    case 'stream_event':
      return only(translateStreamEvent(conversation, message))
    case 'assistant':
      return only(translateAssistant(conversation, message))
    case 'user':
      return only(translateUser(conversation, message))
    case 'result':
      return only(translateResult(conversation, message))
    case 'command_lifecycle':
      return only(translateLifecycle(conversation, message))
    case 'conversation_reset':
      return only(translateReset(conversation))
    case 'rate_limit_event':
      return only(translateRateLimit(conversation, message))
    case 'tool_progress':
      return only(translateProgress(conversation, message))
    case 'system':
      return translateSystem(conversation, message)
  }
}

function translateSystem(conversation: Conversation, message: SystemMessage): Translation {
  if (isTaskMessage(message)) return only(translateTask(conversation, message))
  switch (message.subtype) {
    case 'init':
      markUnderWay(conversation)
      return withMode(translateInit(conversation, message))
    case 'status':
      if (message.status === 'requesting') markUnderWay(conversation)
      return withMode(translateStatus(conversation, message))
    case 'api_retry': {
      const { events, giveUp } = translateRetry(conversation, message)
      return { events, followUps: giveUp ? [{ do: 'interrupt' }] : [] }
    }
    case 'session_state_changed':
      return only(translateStateChange(conversation, message.state))
    default:
      return only(translateChange(conversation, message))
  }
}

type Change = Exclude<SystemMessage, TaskMessage | { subtype: 'init' | 'status' | 'api_retry' | 'session_state_changed' }>

function translateChange(conversation: Conversation, message: Change): SessionEvent[] {
  switch (message.subtype) {
    case 'session_title_changed':
      return translateTitle(conversation, message.title)
    case 'commands_changed':
      return translateCommands(conversation, message.commands)
    case 'compact_boundary':
      return translateCompaction(conversation, message.compact_metadata)
    default:
      return translateReport(conversation, message)
  }
}

/** The agent is idle: a turn whose end it never told is over. */
function translateStateChange(conversation: Conversation, state: string): SessionEvent[] {
  const ended = state === 'idle' ? endTurn(conversation, { outcome: 'completed' }) : []
  return [...ended, ...translateState(conversation, state)]
}

function markUnderWay(conversation: Conversation): void {
  if (conversation.turn) conversation.turn.isUnderWay = true
}

function withMode({ events, restore }: ModeVerdict): Translation {
  return { events, followUps: restore ? [{ do: 'set-mode', mode: restore }] : [] }
}

function only(events: SessionEvent[]): Translation {
  return { events, followUps: [] }
}

function nameOf(raw: unknown): string {
  if (typeof raw !== 'object' || raw === null || !('type' in raw)) return ''
  return 'subtype' in raw ? `${String(raw.type)}/${String(raw.subtype)}` : String(raw.type)
}

/** A message that we do not know, kept for whoever looks. */
function rawEvent(conversation: Conversation, raw: unknown): SessionEvent[] {
  const json = JSON.stringify(raw)
  const payload = json.length <= MAX_RAW ? raw : { cut: json.slice(0, MAX_RAW - 100) }
  return [{ ...headOf(conversation), kind: 'native.raw', payload }]
}
