import { MessageId } from '#protocol/ids'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import { type Conversation, headOf, laneOf, newTurn, type OpenTool, type Prompt, type TurnFailure } from './conversation.ts'
import { describeLimit, describeModelFailure } from './failure-sentences.ts'
import type { LifecycleMessage, ResultMessage } from './native-messages.ts'
import { discardOpenBlocks } from './translate-blocks.ts'
import { endTasks } from './translate-tasks.ts'
import { endTools } from './translate-tools.ts'
import { tokenCounts, usageEvent } from './usage.ts'

/** What became of a prompt. It is never paired by count: the agent names our own id. */
export function translateLifecycle(conversation: Conversation, message: LifecycleMessage): SessionEvent[] {
  const prompt = conversation.prompts.get(message.command_uuid)
  if (!prompt) return []
  if (message.state === 'started') return startPrompt(conversation, prompt)
  if (message.state !== 'completed' && message.state !== 'cancelled') return []
  conversation.prompts.delete(message.command_uuid)
  // One that had started shares its turn's end; only one that never ran was cancelled.
  return message.state === 'cancelled' && !prompt.isStarted ? [delivery(conversation, prompt, 'cancelled')] : []
}

function startPrompt(conversation: Conversation, prompt: Prompt): SessionEvent[] {
  prompt.isStarted = true
  const running = conversation.turn
  if (running) {
    running.messageIds.add(prompt.messageId)
    return [delivery(conversation, prompt, running.isUnderWay ? 'folded' : 'started')]
  }
  const isCommand = isKnownCommand(conversation, prompt)
  newTurn(conversation, isCommand).messageIds.add(prompt.messageId)
  return [
    { ...headOf(conversation), kind: 'turn.started', origin: isCommand ? 'command' : 'user' },
    delivery(conversation, prompt, 'started'),
  ]
}

function isKnownCommand(conversation: Conversation, prompt: Prompt): boolean {
  const first = prompt.content[0]
  const name = first?.type === 'text' ? /^\/([\w:-]+)/.exec(first.text)?.[1] : undefined
  return name !== undefined && conversation.commands.includes(name)
}

function delivery(conversation: Conversation, prompt: Prompt, state: EventOf<'user.message'>['delivery']): SessionEvent {
  const { messageId, content } = prompt
  return { ...headOf(conversation), kind: 'user.message', messageId, content, delivery: state, origin: 'user' }
}

/** The end of a turn. A result without a turn (a notice that needed no answer) only brings figures. */
export function translateResult(conversation: Conversation, message: ResultMessage): SessionEvent[] {
  const { turn } = conversation
  const figures = usageEvent(conversation, message)
  if (!turn) return figures
  for (const id of message.user_message_uuids ?? []) {
    const parsed = MessageId.safeParse(id)
    if (parsed.success) turn.messageIds.add(parsed.data)
  }
  const { outcome, error } = outcomeOf(conversation, message)
  return [
    ...figures,
    ...endTurn(conversation, {
      outcome,
      error,
      usage: tokenCounts(message.usage),
      costUsd: turnCost(message),
      durationMs: message.duration_ms,
    }),
  ]
}

type TurnEnd = Pick<EventOf<'turn.ended'>, 'outcome' | 'error' | 'usage' | 'costUsd' | 'durationMs'>

/** Ends the running turn with everything in it that nobody else will end. Work in the background goes on. */
export function endTurn(conversation: Conversation, end: TurnEnd): SessionEvent[] {
  const { turn } = conversation
  if (!turn) return []
  const inBackground = new Set([...conversation.tasks.values()].filter((task) => task.isBackground).map((task) => task.toolNativeId))
  const isOver = (tool: OpenTool) => tool.parentNativeId === null || !inBackground.has(tool.parentNativeId)
  const events = [
    ...discardOpenBlocks(conversation, laneOf(conversation, null), end.outcome === 'stopped' ? 'The turn was stopped.' : 'The turn ended.'),
    ...endTasks(conversation, (task) => !task.isBackground),
    ...endTools(conversation, end.outcome === 'stopped' ? 'cancelled' : 'unknown', isOver),
    { ...headOf(conversation), kind: 'turn.ended' as const, ...end, messageIds: [...turn.messageIds] },
  ]
  conversation.turn = null
  conversation.isStopping = false
  return events
}

function outcomeOf(conversation: Conversation, message: ResultMessage): Pick<TurnEnd, 'outcome' | 'error'> {
  const failure = conversation.turn?.failure
  const isAborted = message.terminal_reason?.startsWith('aborted') === true
  if (isAborted && !failure) return { outcome: 'stopped' }
  const limit = describeLimit(message.subtype)
  if (limit) return { outcome: 'limit', error: limit }
  if (message.stop_reason === 'refusal') return { outcome: 'refused' }
  const isFine = message.subtype === 'success' && !message.is_error
  return isFine ? { outcome: 'completed' } : { outcome: 'failed', error: failure ?? failureOf(conversation, message) }
}

function failureOf(conversation: Conversation, message: ResultMessage): TurnFailure {
  return describeModelFailure({
    kind: message.api_error ?? (message.terminal_reason === 'prompt_too_long' ? 'prompt_too_long' : null),
    status: message.api_error_status ?? null,
    text: message.errors?.find((text) => !text.startsWith('[')) ?? message.result ?? '',
    model: conversation.context.model ?? conversation.model,
  })
}

function turnCost(message: ResultMessage): number | undefined {
  const models = message.model_usage_since_last_result
  return models ? Object.values(models).reduce((sum, each) => sum + each.costUSD, 0) : undefined
}

/**
 * The agent's process is gone: ends everything that is open, so that nothing seems to run for ever.
 * @param failure set when it was not us who ended it
 */
export function translateExit(conversation: Conversation, failure: TurnFailure | null): SessionEvent[] {
  const wasStopping = conversation.isStopping
  const waiting = [...conversation.prompts.values()].filter((prompt) => !prompt.isStarted)
  conversation.prompts.clear()
  const lanes = [...conversation.lanes.values()].flatMap((lane) => discardOpenBlocks(conversation, lane, 'Claude Code ended.'))
  return [
    ...lanes,
    ...endTools(conversation, 'unknown', () => true),
    ...endTasks(conversation, () => true),
    ...endTurn(conversation, failure && !wasStopping ? { outcome: 'failed', error: failure } : { outcome: 'stopped' }),
    ...waiting.map((prompt) => delivery(conversation, prompt, 'cancelled')),
  ]
}
