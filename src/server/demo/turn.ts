import type { ContentPart, ModelRequest } from './model-request.ts'
import { partsOf, textOf } from './model-request.ts'

/** What came of a tool call: it ran, it ran and failed, or a person (or a rule) turned it down. */
export interface ToolResult {
  outcome: 'ok' | 'failed' | 'denied'
  text: string
}

export interface ToolCall {
  name: string
  input: Record<string, unknown>
  result: ToolResult | null
}

/** One answer of the model that asked for tools, with what became of them. */
export type Round = ToolCall[]

/** The running turn, as the script sees it: what was asked, and what has been done about it so far. */
export interface Turn {
  prompt: string
  rounds: Round[]
  /** Names of the tools on offer. */
  tools: ReadonlySet<string>
  /** The agent's working directory, absolute. */
  cwd: string
  /** Set while the agent is in plan mode: the one file it may write. */
  planFile: string | null
}

type Message = ModelRequest['messages'][number]

/** Reads the running turn out of the whole conversation that each request carries. */
export function readTurn(request: ModelRequest): Turn {
  const start = request.messages.findLastIndex((message) => promptIn(message) !== '')
  const opening = request.messages[start]
  return {
    prompt: opening === undefined ? '' : promptIn(opening),
    rounds: readRounds(request.messages.slice(start + 1)),
    tools: new Set((request.tools ?? []).flatMap((tool) => tool.name ?? [])),
    cwd: readCwd(request),
    planFile: readPlanFile(request),
  }
}

/** The agent names its folder in the system prompt or in a message of the system. */
function readCwd(request: ModelRequest): string {
  const texts = [textOf(request.system), ...request.messages.map((message) => textOf(message.content))]
  return texts.flatMap((text) => /Primary working directory: (.+)/.exec(text)?.[1]?.trim() ?? []).at(0) ?? '.'
}

/** What opens a turn: a person's words, or news of a task in the background. Empty for every other message. */
function promptIn(message: Message): string {
  if (message.role === 'system') return FOLDED_PROMPT.exec(textOf(message.content))?.[1]?.trim() ?? ''
  if (message.role !== 'user') return ''
  const parts = partsOf(message.content)
  const typed = parts.flatMap((part) => (part.type === 'text' ? typedIn(part.text ?? '') : []))
  if (typed.length > 0 || parts.some((part) => part.type === 'tool_result')) return typed.join('\n')
  return /<task-notification>[\s\S]*<\/task-notification>/.exec(textOf(message.content))?.[0] ?? ''
}

/** How the agent hands over what a person sent while a turn was running. */
const FOLDED_PROMPT = /^The user sent a new message while you were working:\n([\s\S]*?)(?:\n\nThis is how Claude Code|$)/

/** What the agent itself puts into user messages. */
const REMINDER = /<system-reminder>[\s\S]*?<\/system-reminder>/g
const MARKER = /^(?:\[Request interrupted|This session is being continued|<local-command|<command-)/

function typedIn(text: string): string[] {
  const typed = text.replaceAll(REMINDER, '').trim()
  return typed === '' || MARKER.test(typed) ? [] : [typed]
}

function readRounds(messages: ModelRequest['messages']): Round[] {
  const results = new Map<string, ToolResult>()
  for (const part of messages.flatMap((message) => partsOf(message.content))) {
    if (part.type === 'tool_result' && part.tool_use_id !== undefined) results.set(part.tool_use_id, readResult(part))
  }
  return messages
    .filter((message) => message.role === 'assistant')
    .map((message) => partsOf(message.content).filter((part) => part.type === 'tool_use'))
    .filter((calls) => calls.length > 0)
    .map((calls) =>
      calls.map((part) => ({ name: part.name ?? '', input: asRecord(part.input), result: results.get(part.id ?? '') ?? null })),
    )
}

function readResult(part: ContentPart): ToolResult {
  const text = textOf(part.content)
  if (part.is_error !== true) return { outcome: 'ok', text }
  // A tool that ran and failed says so in one of these forms; any other error is the answer of whoever had to approve it.
  const ran = /^(Exit code \d+|<tool_use_error>|Command timed out|Error:|InputValidationError)/.test(text.trimStart())
  return { outcome: ran ? 'failed' : 'denied', text }
}

/** The agent tells in reminders when plan mode begins and ends, and in a tool's result when the plan was approved. */
function readPlanFile(request: ModelRequest): string | null {
  let planFile: string | null = null
  for (const part of request.messages.flatMap((message) => (message.role === 'assistant' ? [] : partsOf(message.content)))) {
    const isResult = part.type === 'tool_result'
    const text = isResult ? textOf(part.content) : (part.text ?? '')
    if (isResult ? text.startsWith('User has approved your plan') : /exited plan mode/i.test(text)) planFile = null
    else if (!isResult && /plan mode (?:is|still) active/i.test(text)) planFile = PLAN_FILE.exec(text)?.[0] ?? planFile
  }
  return planFile
}

const PLAN_FILE = /\/\S+\/plans\/[\w.-]+\.md/

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

/** The result of the first call of a round that matches, or null where there is none. */
export function resultOf(turn: Turn, name: string, round = turn.rounds.length - 1): ToolResult | null {
  return turn.rounds[round]?.find((toolCall) => toolCall.name === name)?.result ?? null
}

/** The same turn as if its first rounds had not been: for one scenario that goes on with another. */
export function afterRounds(turn: Turn, count: number): Turn {
  return { ...turn, rounds: turn.rounds.slice(count) }
}
