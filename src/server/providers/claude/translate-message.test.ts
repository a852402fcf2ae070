import { expect, test } from 'vitest'
import { MessageId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import { SessionEvent } from '#protocol/session-events'
import { type Conversation, createConversation } from './conversation.ts'
import { translateMessage } from './translate-message.ts'
import { translateExit } from './translate-turns.ts'

/* Messages as the real program wrote them, shortened. */

const PROMPT = '4ea4de31-3af0-4721-9d8b-55663f5eeef5'

function setup(mode: PermissionMode = 'default') {
  let time = 0
  const conversation = createConversation({
    cwd: '/project',
    now: () => (time += 5),
    nativeId: null,
    model: null,
    mode,
    models: [],
    commands: ['compact'],
  })
  const messageId = MessageId.parse(PROMPT)
  conversation.prompts.set(PROMPT, { messageId, content: [{ type: 'text', text: 'Go' }], isStarted: false })
  return { conversation, messageId, take: (...messages: unknown[]) => taken(conversation, messages) }
}

function taken(conversation: Conversation, messages: unknown[]) {
  const translations = messages.map((message) => translateMessage(conversation, message))
  const events = translations.flatMap((each) => each.events)
  for (const event of events) SessionEvent.parse(event)
  return { events, kinds: events.map((event) => event.kind), followUps: translations.flatMap((each) => each.followUps) }
}

const started = { type: 'command_lifecycle', command_uuid: PROMPT, state: 'started' }
const stream = (event: object, uuid = 'u1') => ({ type: 'stream_event', uuid, parent_tool_use_id: null, event })
const messageStart = stream({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-opus-5-5', usage: { input_tokens: 10, output_tokens: 1 } },
})
const textStart = (uuid: string) => stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, uuid)
const textDelta = (text: string) => stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const assistant = (content: object[], more: object = {}) => ({
  type: 'assistant',
  uuid: 'a1',
  parent_tool_use_id: null,
  message: { id: 'msg_1', model: 'claude-opus-5-5', content },
  ...more,
})
const toolStart = stream({
  type: 'content_block_start',
  index: 0,
  content_block: { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} },
})
const status = (permissionMode: string) => ({ type: 'system', subtype: 'status', status: null, permissionMode })
const idle = { type: 'system', subtype: 'session_state_changed', state: 'idle' }

test('each delta goes out at once, and the message that follows completes the same block', () => {
  const { take } = setup()
  take(started, messageStart)
  expect(take(textStart('b1'), textDelta('Hel')).events).toMatchObject([
    { kind: 'block.started', blockId: 'b1', blockKind: 'text' },
    { kind: 'block.delta', blockId: 'b1', text: 'Hel' },
  ])
  expect(take(textDelta('lo'), assistant([{ type: 'text', text: 'Hello' }])).events).toMatchObject([
    { kind: 'block.delta', text: 'lo' },
    { kind: 'block.completed', blockId: 'b1', text: 'Hello' },
  ])
})

test('thinking without any text is not told', () => {
  const { take } = setup()
  const thinking = stream({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } })
  expect(take(started, messageStart, thinking, assistant([{ type: 'thinking', thinking: '' }])).kinds).toEqual([
    'turn.started',
    'user.message',
  ])
})

test('a message that starts again takes back what was open of it', () => {
  const { take } = setup()
  take(started, messageStart, textStart('b1'), textDelta('Half'))
  expect(take(messageStart, textStart('b2'), textDelta('Whole')).events).toMatchObject([
    { kind: 'block.discarded', blockId: 'b1' },
    { kind: 'block.started', blockId: 'b2' },
    { kind: 'block.delta', blockId: 'b2' },
  ])
})

test('work that no prompt started is a turn of its own', () => {
  const { take } = setup()
  expect(take(messageStart).events).toMatchObject([{ kind: 'turn.started', origin: 'background' }])
})

test('a background result that needed no answer is no turn', () => {
  const { take } = setup()
  const result = {
    type: 'result',
    subtype: 'success',
    is_error: false,
    num_turns: 0,
    result: '',
    origin: { kind: 'task-notification' },
    modelUsage: {},
  }
  expect(take(result, idle).kinds).toEqual(['session.state'])
})

test('a known command gives a turn of its own kind, and other text with a slash does not', () => {
  const { conversation, messageId, take } = setup()
  conversation.prompts.set(PROMPT, { messageId, content: [{ type: 'text', text: '/compact now' }], isStarted: false })
  expect(take(started).events[0]).toMatchObject({ kind: 'turn.started', origin: 'command' })
  const other = setup()
  other.conversation.prompts.set(PROMPT, { messageId, content: [{ type: 'text', text: '/etc/hosts is empty' }], isStarted: false })
  expect(other.take(started).events[0]).toMatchObject({ kind: 'turn.started', origin: 'user' })
})

test('an idle agent has no running turn', () => {
  const { take, messageId } = setup()
  take(started)
  expect(take(idle).events).toMatchObject([
    { kind: 'turn.ended', outcome: 'completed', messageIds: [messageId] },
    { kind: 'session.state', state: 'idle' },
  ])
})

test('a tool call without a result ends with its turn', () => {
  const { take } = setup()
  take(started, messageStart, toolStart, assistant([{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }]))
  const aborted = { type: 'result', subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools', modelUsage: {} }
  expect(take(aborted).events).toMatchObject([
    { kind: 'tool.ended', toolCallId: 'toolu_1', status: 'cancelled' },
    { kind: 'turn.ended', outcome: 'stopped' },
  ])
})

test('a dead process ends all that is open, each once', () => {
  const { conversation, take } = setup()
  take(started, messageStart, textStart('b1'), textDelta('Half'), assistant([{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }]))
  const failure = { code: 'exited', message: 'It died.' }
  const events = translateExit(conversation, failure)
  expect(events.map((event) => event.kind)).toEqual(['block.discarded', 'tool.ended', 'turn.ended'])
  expect(events).toMatchObject([{ blockId: 'b1' }, { status: 'unknown' }, { outcome: 'failed', error: failure }])
  expect(translateExit(conversation, failure)).toEqual([])
})

test('ids that are not of the wire’s alphabet become some that are, always the same', () => {
  const { take } = setup()
  const call = assistant([{ type: 'tool_use', id: 'functions.Bash:0', name: 'Bash', input: { command: 'ls' } }])
  const result = { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 'functions.Bash:0', content: 'x' }] } }
  const { events } = take(started, call, result)
  const ids = events.flatMap((event) => ('toolCallId' in event ? [event.toolCallId] : []))
  expect(new Set(ids).size).toBe(1)
  expect(ids[0]).toMatch(/^tool_[A-Za-z0-9_-]+$/)
})

test('a mode that a person chose is no news when the agent reports it', () => {
  const { conversation, take } = setup()
  conversation.mode = 'plan'
  conversation.expectedModes.push('plan')
  expect(take(status('default'), status('plan'), status('plan'))).toMatchObject({ events: [], followUps: [] })
})

test.for(['acceptEdits', 'bypassPermissions', 'auto', 'dontAsk'])(
  'the mode %s is set back, also while another change is on its way',
  (mode) => {
    const { conversation, take } = setup('plan')
    conversation.expectedModes.push('plan')
    const { events, followUps } = take(status(mode))
    expect(events).toMatchObject([{ kind: 'notice', level: 'warning' }])
    expect(followUps).toEqual([{ do: 'set-mode', mode: 'plan' }])
  },
)

test('a refused key gives up at once, a login gets a chance to be renewed', () => {
  const retry = (attempt: number) => ({
    type: 'system',
    subtype: 'api_retry',
    attempt,
    max_retries: 5,
    retry_delay_ms: 600,
    error_status: 401,
    error: 'authentication_failed',
  })
  const byKey = setup()
  byKey.conversation.usesApiKey = true
  byKey.take(started)
  expect(byKey.take(retry(1))).toMatchObject({ events: [{ kind: 'notice', code: 'auth' }], followUps: [{ do: 'interrupt' }] })
  const byLogin = setup()
  byLogin.take(started)
  expect(byLogin.take(retry(1))).toMatchObject({ kinds: ['session.state', 'notice'], followUps: [] })
  expect(byLogin.take(retry(2)).followUps).toEqual([{ do: 'interrupt' }])
})

test('the account’s limit is told when it changes and not again', () => {
  const { take } = setup()
  const limit = (state: string) => ({
    type: 'rate_limit_event',
    rate_limit_info: { status: state, rateLimitType: 'five_hour', resetsAt: 1_795_451_472 },
  })
  expect(take(limit('allowed'), limit('allowed_warning'), limit('allowed_warning'), limit('rejected')).events).toMatchObject([
    { kind: 'notice', level: 'warning', code: 'rate_limit' },
    { kind: 'notice', level: 'error', code: 'rate_limit' },
  ])
})

test('what the agent says and we do not know is kept, but never at length', () => {
  const { take } = setup()
  expect(take({ type: 'system', subtype: 'brand_new', value: 1 }).events).toMatchObject([{ kind: 'native.raw', payload: { value: 1 } }])
  const [long] = take({ type: 'brand_new', value: 'x'.repeat(100_000) }).events
  expect(JSON.stringify(long).length).toBeLessThan(17 * 1024)
})

test('heartbeats and the like say nothing', () => {
  const { take } = setup()
  const boring = [
    { type: 'keep_alive' },
    { type: 'system', subtype: 'thinking_tokens', estimated_tokens: 1 },
    { type: 'tool_progress', tool_use_id: 'toolu_1', tool_name: 'Bash', parent_tool_use_id: null, elapsed_time_seconds: 30 },
    { type: 'system', subtype: 'hook_started', hook_id: 'h' },
  ]
  expect(take(...boring).events).toEqual([])
})
