import type { PermissionMode } from '#protocol/providers'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import { type Conversation, headOf, nativeModeOf, stateEvents } from './conversation.ts'
import type { InitMessage, StatusMessage } from './native-messages.ts'

/** The mode to set again, where the agent changed it in a way that we do not allow. */
export interface ModeVerdict {
  events: SessionEvent[]
  restore: 'default' | 'plan' | null
}

type Update = Partial<Pick<EventOf<'session.updated'>, 'nativeId' | 'model' | 'mode' | 'tools' | 'commands'>>

/** Sent once per turn; only what changed is told. */
export function translateInit(conversation: Conversation, message: InitMessage): ModeVerdict {
  conversation.usesApiKey = message.apiKeySource !== undefined && message.apiKeySource !== 'none'
  const commands = message.slash_commands.filter((name) => !message.terminal_slash_commands.includes(name))
  const rekeyed = rekeyEvents(conversation, message.session_id)
  const update: Update = {}
  if (conversation.nativeId !== message.session_id) update.nativeId = conversation.nativeId = message.session_id
  if (isOther(conversation.tools, message.tools)) update.tools = conversation.tools = message.tools
  if (isOther(conversation.commands, commands)) update.commands = conversation.commands = commands
  const model = changedModel(conversation, message.model)
  if (model !== undefined) update.model = conversation.model = model
  conversation.context.model = message.model
  const events: SessionEvent[] = Object.keys(update).length > 0 ? [{ ...headOf(conversation), kind: 'session.updated', ...update }] : []
  const mode = followMode(conversation, message.permissionMode)
  return { events: [...rekeyed, ...events, ...mode.events], restore: mode.restore }
}

export function translateStatus(conversation: Conversation, message: StatusMessage): ModeVerdict {
  const events: SessionEvent[] = []
  if (message.status === 'compacting') events.push(...stateEvents(conversation, 'compacting'))
  else if (conversation.state === 'compacting') events.push(...stateEvents(conversation, 'running'))
  if (message.compact_result === 'failed') {
    const text = `The conversation could not be shortened: ${message.compact_error ?? 'Claude Code did not say why'}.`
    events.push({ ...headOf(conversation), kind: 'notice', level: 'warning', code: 'warning', text })
  }
  if (message.permissionMode === undefined) return { events, restore: null }
  const mode = followMode(conversation, message.permissionMode)
  return { events: [...events, ...mode.events], restore: mode.restore }
}

/**
 * The agent's own view of whether it works. Only our gate knows whether a person is waited for: the agent asks it about
 * every call and takes each for such a wait.
 */
export function translateState(conversation: Conversation, nativeState: string): SessionEvent[] {
  conversation.nativeState = nativeState
  return workEvents(conversation)
}

/** The state after the agent's word or the number of waiting requests changed. */
export function workEvents(conversation: Conversation): SessionEvent[] {
  if (conversation.pendingAsks > 0) return stateEvents(conversation, 'requires_action')
  return stateEvents(conversation, conversation.nativeState === 'idle' ? 'idle' : 'running')
}

/** The conversation was cleared: what was said is forgotten, and the agent goes on under another id. */
export function translateReset(conversation: Conversation): SessionEvent[] {
  conversation.isCleared = true
  conversation.context.used = null
  conversation.todos.clear()
  return []
}

function rekeyEvents(conversation: Conversation, newNativeId: string): SessionEvent[] {
  const oldNativeId = conversation.nativeId
  if (!conversation.isCleared || oldNativeId === null || oldNativeId === newNativeId) return []
  conversation.isCleared = false
  return [{ ...headOf(conversation), kind: 'session.rekeyed', oldNativeId, newNativeId, reason: 'clear' }]
}

export function translateTitle(conversation: Conversation, title: string): SessionEvent[] {
  if (conversation.title === title) return []
  conversation.title = title
  return [{ ...headOf(conversation), kind: 'session.updated', title }]
}

export function translateCommands(conversation: Conversation, commands: { name: string }[]): SessionEvent[] {
  const names = commands.map((command) => command.name)
  if (!isOther(conversation.commands, names)) return []
  conversation.commands = names
  return [{ ...headOf(conversation), kind: 'session.updated', commands: names }]
}

export function translateCompaction(
  conversation: Conversation,
  { trigger, pre_tokens, post_tokens }: { trigger: 'manual' | 'auto'; pre_tokens?: number | undefined; post_tokens?: number | undefined },
): SessionEvent[] {
  conversation.context.used = post_tokens ?? conversation.context.used
  return [{ ...headOf(conversation), kind: 'compaction', trigger, preTokens: pre_tokens, postTokens: post_tokens }]
}

/**
 * A mode that the agent reports. One that we asked for is no news. Planning by its own decision only asks for more and
 * is followed; anything that would ask less than a person chose is set back.
 */
function followMode(conversation: Conversation, reported: string): ModeVerdict {
  if (reported !== 'plan' && reported !== 'default') return refuseMode(conversation, reported)
  const expected = conversation.expectedModes.indexOf(reported)
  // Otherwise still the mode from before a change that is on its way.
  if (expected === -1 && conversation.expectedModes.length > 0) return { events: [], restore: null }
  conversation.expectedModes.splice(0, expected + 1)
  const isNews = expected === -1 && reported !== conversation.nativeMode
  conversation.nativeMode = reported
  return { events: isNews ? adoptMode(conversation, reported) : [], restore: null }
}

function refuseMode(conversation: Conversation, reported: string): ModeVerdict {
  conversation.nativeMode = reported
  conversation.expectedModes = []
  const text = `Claude Code switched to the permission mode "${reported}" by itself. It was set back, so that every tool call is still asked for.`
  return {
    events: [{ ...headOf(conversation), kind: 'notice', level: 'warning', code: 'config', text }],
    restore: nativeModeOf(conversation.mode),
  }
}

function adoptMode(conversation: Conversation, mode: PermissionMode): SessionEvent[] {
  if (conversation.mode === mode) return []
  conversation.mode = mode
  return [{ ...headOf(conversation), kind: 'session.updated', mode }]
}

/** The option that stands for the model the agent runs, where it is not the chosen one; undefined where it is. */
function changedModel(conversation: Conversation, running: string): string | undefined {
  const chosen = conversation.models.find((model) => model.id === (conversation.model ?? 'default'))
  if (running === (chosen?.resolved ?? conversation.model ?? running) || running === conversation.model) return undefined
  const option = conversation.models.find((model) => model.id !== 'default' && model.resolved === running)
  return option?.id ?? running
}

function isOther(before: string[], after: string[]): boolean {
  return before.length !== after.length || before.some((name, index) => name !== after[index])
}
