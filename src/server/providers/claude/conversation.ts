import { newId } from '../../platform/new-id.ts'
import { type MessageId, ToolCallId, TurnId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import type { EventOf, SessionEvent, ToolKind } from '#protocol/session-events'
import type { SessionState } from '#protocol/sessions'
import { createHash } from 'node:crypto'

/** What the translation remembers between two messages of one agent process. */
export interface Conversation {
  readonly cwd: string
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  nativeId: string | null
  /** The conversation was cleared; its new id comes with the next message that carries one. */
  isCleared: boolean
  /** The option a person chose; null is the agent's default. */
  model: string | null
  /** The names behind the options, such as `haiku` for `claude-haiku-5-5`. */
  models: KnownModel[]
  mode: PermissionMode
  /** The agent's own name of its mode, as last heard or asked for. */
  nativeMode: string
  /** Modes that we asked for and that the agent has yet to report. */
  expectedModes: string[]
  tools: string[]
  commands: string[]
  title: string | null
  state: SessionState | null
  /** Whether requests are paid by an API key; otherwise by a login, whose token may be renewed after a refusal. */
  usesApiKey: boolean
  turn: Turn | null
  prompts: Map<string, Prompt>
  /** One per stream of answers: the main one under '', each sub-agent's under its tool call. */
  lanes: Map<string, Lane>
  openTools: Map<string, OpenTool>
  tasks: Map<string, Task>
  todos: Map<string, Todo>
  /** Tool calls that our side refused. */
  declined: Set<string>
  /** Tool calls that our side let through, by what they were to run with as canonical JSON. */
  allowed: Map<string, AllowedCall>
  /** How many calls wait for a person. */
  pendingAsks: number
  /** The agent's own word for what it does, as last heard. */
  nativeState: string
  /** A person asked to stop the running turn. */
  isStopping: boolean
  lastRateLimit: string | null
  context: { model: string | null; used: number | null }
}

export interface KnownModel {
  id: string
  resolved: string | null
}

export interface Turn {
  id: TurnId
  messageIds: Set<MessageId>
  /** True once the agent has begun to work: a prompt that starts later was folded in. */
  isUnderWay: boolean
  isCommand: boolean
  failure: TurnFailure | null
}

export interface AllowedCall {
  /** What was asked for, as canonical JSON. */
  asked: string
  /** What is to run. */
  input: Record<string, unknown>
}

export type TurnFailure = NonNullable<EventOf<'turn.ended'>['error']>

export interface Prompt {
  messageId: MessageId
  content: EventOf<'user.message'>['content']
  isStarted: boolean
}

export interface Lane {
  parentId: ToolCallId | undefined
  turnId: TurnId | undefined
  /** By the index of the block in the message that streams. */
  blocks: Map<number, OpenBlock>
}

export type OpenBlock = { kind: 'text' | 'reasoning'; blockId: string; isAnnounced: boolean } | { kind: 'tool'; nativeId: string }

export interface OpenTool {
  id: ToolCallId
  name: string
  kind: ToolKind
  parentNativeId: string | null
  parentId: ToolCallId | undefined
  turnId: TurnId | undefined
  input: Record<string, unknown>
  isInputWhole: boolean
  startedAt: number
}

export interface Task {
  taskId: string
  toolNativeId: string | null
  toolCallId: ToolCallId | undefined
  turnId: TurnId | undefined
  kind: EventOf<'task.started'>['taskKind']
  isBackground: boolean
  title: string | undefined
  /** What `task_updated` said before the notification came. */
  lastStatus: 'completed' | 'failed' | 'stopped' | null
}

export interface Todo {
  text: string
  status: 'pending' | 'in_progress' | 'completed'
  activeText: string | undefined
}

export interface NewConversation {
  cwd: string
  now: () => number
  nativeId: string | null
  model: string | null
  mode: PermissionMode
  models: KnownModel[]
  commands: string[]
}

export function createConversation(options: NewConversation): Conversation {
  return {
    ...options,
    nativeMode: nativeModeOf(options.mode),
    isCleared: false,
    expectedModes: [],
    tools: [],
    title: null,
    state: null,
    usesApiKey: false,
    turn: null,
    prompts: new Map(),
    lanes: new Map(),
    openTools: new Map(),
    tasks: new Map(),
    todos: new Map(),
    declined: new Set(),
    allowed: new Map(),
    pendingAsks: 0,
    nativeState: 'idle',
    isStopping: false,
    lastRateLimit: null,
    context: { model: null, used: null },
  }
}

/** Edits are let through by the server's own gate, so that they are written down: for the agent both are `default`. */
export function nativeModeOf(mode: PermissionMode): 'default' | 'plan' {
  return mode === 'plan' ? 'plan' : 'default'
}

/** What every event outside a sub-agent starts with. */
export function headOf(conversation: Conversation): { v: 1; turnId: TurnId | undefined } {
  return { v: 1, turnId: conversation.turn?.id }
}

export function laneOf(conversation: Conversation, parentNativeId: string | null | undefined): Lane {
  const key = parentNativeId ?? ''
  const known = conversation.lanes.get(key)
  if (known) {
    if (key === '') known.turnId = conversation.turn?.id
    return known
  }
  const lane: Lane = {
    parentId: key === '' ? undefined : toolCallIdOf(key),
    turnId: conversation.turn?.id,
    blocks: new Map(),
  }
  conversation.lanes.set(key, lane)
  return lane
}

const WIRE_ID = /^[A-Za-z0-9_-]{1,128}$/

/** The agent's id of a tool call as an id of ours: itself, unless a model endpoint made it of other characters. */
export function toolCallIdOf(nativeId: string): ToolCallId {
  if (WIRE_ID.test(nativeId)) return ToolCallId.parse(nativeId)
  return ToolCallId.parse(`tool_${createHash('sha256').update(nativeId).digest('base64url')}`)
}

export function newTurn(conversation: Conversation, isCommand: boolean): Turn {
  const turn: Turn = { id: TurnId.parse(newId('trn')), messageIds: new Set(), isUnderWay: false, isCommand, failure: null }
  conversation.turn = turn
  return turn
}

/** The session's state, where it is a new one. */
export function stateEvents(conversation: Conversation, state: SessionState, detail?: string): SessionEvent[] {
  if (conversation.state === state) return []
  conversation.state = state
  return [{ v: 1, kind: 'session.state', state, detail }]
}
