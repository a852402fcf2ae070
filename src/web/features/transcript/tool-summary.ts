import type { ToolItem } from '#protocol/session-view/items'
import { groupText, toolText, toolVerbs } from './text-transcript.ts'

/** How a tool call stands, for a person: `waiting` is for a decision. */
export type ToolState = 'waiting' | 'running' | 'done' | 'failed' | 'stopped'

export interface ToolSummary {
  state: ToolState
  verb: string
  /** What it was done to: a command, a path, a question; may be empty. */
  object: string
  /** How it ended, in a word or two; null where it simply did. */
  outcome: string | null
}

export function toolStateOf(tool: ToolItem): ToolState {
  if (tool.status === 'running') return tool.approval?.outcome === null ? 'waiting' : 'running'
  if (tool.status === 'error') return 'failed'
  if (tool.task?.status === 'running') return 'running'
  return tool.status === 'ok' ? 'done' : 'stopped'
}

/** The one line of a tool call. Paths inside `cwd` are shown relative to it. */
export function summarizeTool(tool: ToolItem, cwd: string | null): ToolSummary {
  const state = toolStateOf(tool)
  return { state, verb: verbOf(tool, state), object: objectOf(tool, cwd), outcome: outcomeOf(tool, state) }
}

function verbOf(tool: ToolItem, state: ToolState): string {
  const verbs = toolVerbs[tool.toolKind]
  if (state === 'waiting' || tool.status === 'declined') return verbs.wanted
  if (state === 'running') return verbs.running
  if (tool.toolKind !== 'edit' || state !== 'done') return verbs.done
  const [first, ...others] = tool.diffs
  if (first === undefined || others.length > 0) return verbs.done
  return { add: toolText.created, update: verbs.done, delete: toolText.deleted, move: toolText.moved }[first.change]
}

function objectOf(tool: ToolItem, cwd: string | null): string {
  const title = tool.title === '' ? tool.name : tool.title
  if (tool.toolKind === 'other' || tool.toolKind === 'mcp') return title === tool.name ? title : `${tool.name}: ${title}`
  return relativeTo(cwd, title)
}

/** `text` without the project's folder before each path, which says nothing here. */
export function relativeTo(cwd: string | null, text: string): string {
  return cwd === null || cwd === '/' ? text : text.replaceAll(`${cwd}/`, '')
}

const OUTCOMES: Record<ToolItem['status'], string | null> = {
  running: null,
  ok: null,
  error: toolText.failed,
  declined: toolText.declined,
  cancelled: toolText.cancelled,
  unknown: toolText.unknown,
}

function outcomeOf(tool: ToolItem, state: ToolState): string | null {
  if (state === 'waiting') return toolText.waiting
  if (tool.task?.status === 'running' && tool.status !== 'running') return toolText.background
  return tool.status === 'error' && tool.exitCode !== null ? toolText.exitCode(tool.exitCode) : OUTCOMES[tool.status]
}

/** The one line of neighbouring calls that only looked: `Looked at 7 files · 3 searches`. */
export function summarizeGroup(tools: readonly ToolItem[]): { state: ToolState; words: string } {
  const states = tools.map(toolStateOf)
  const state = states.find((one) => one === 'waiting') ?? states.find((one) => one === 'running') ?? 'done'
  const searches = tools.filter((tool) => tool.toolKind === 'search').length
  const files = new Set(tools.filter((tool) => tool.toolKind !== 'search').map((tool) => tool.locations[0] ?? tool.title)).size
  const failed = states.filter((one) => one === 'failed').length
  const words = lookedAt(files, searches, state !== 'done')
  return { state, words: failed === 0 ? words : `${words} · ${groupText.failed(failed)}` }
}

function lookedAt(files: number, searches: number, isRunning: boolean): string {
  if (files === 0) return isRunning ? groupText.searchingOnly(searches) : groupText.searchedOnly(searches)
  const parts = searches === 0 ? groupText.files(files) : `${groupText.files(files)} · ${groupText.searches(searches)}`
  return isRunning ? groupText.running(parts) : groupText.done(parts)
}
