import type { EventOf } from '#protocol/session-events'
import type { ToolItem } from './items.ts'
import { itemHead } from './session-facts.ts'
import { elapsedMs, type EventPlace, findTool, putItem, type SessionView, toolItemId } from './session-view.ts'

/** A call that is not in the log (yet): shown, but never counted as open. */
function unknownTool(toolCallId: string, place: EventPlace): ToolItem {
  return {
    ...itemHead(toolItemId(toolCallId), place),
    kind: 'tool',
    toolCallId,
    name: 'unknown',
    toolKind: 'other',
    title: '',
    locations: [],
    inputText: '',
    input: undefined,
    output: '',
    isOutputTruncated: false,
    diffs: [],
    status: 'unknown',
    exitCode: null,
    result: undefined,
    durationMs: null,
    approval: null,
    task: null,
    childIds: [],
  }
}

function toolFor(view: SessionView, toolCallId: string, place: EventPlace): ToolItem {
  return findTool(view, toolItemId(toolCallId)) ?? unknownTool(toolCallId, place)
}

export function reduceToolStarted(view: SessionView, event: EventOf<'tool.started'>, place: EventPlace): SessionView {
  const tool = toolFor(view, event.toolCallId, place)
  const isOpen = view.openToolIds.includes(tool.id)
  const hasEnded = !isOpen && tool.status !== 'unknown'
  const started = putItem(view, {
    ...tool,
    name: event.name,
    toolKind: event.toolKind,
    title: event.title,
    locations: event.locations,
    input: event.input ?? tool.input,
    status: hasEnded ? tool.status : 'running',
  })
  const openToolIds = isOpen || hasEnded ? view.openToolIds : [...view.openToolIds, tool.id]
  return { ...started, openToolIds, structure: {} }
}

export function reduceToolInput(view: SessionView, event: EventOf<'tool.input'>, place: EventPlace): SessionView {
  const tool = toolFor(view, event.toolCallId, place)
  const isWhole = event.input !== undefined || tool.input !== undefined
  return putItem(view, {
    ...tool,
    input: event.input ?? tool.input,
    inputText: isWhole ? '' : tool.inputText + (event.delta ?? ''),
    title: event.title ?? tool.title,
    locations: event.locations ?? tool.locations,
  })
}

export function reduceToolOutput(view: SessionView, event: EventOf<'tool.output'>, place: EventPlace): SessionView {
  const tool = toolFor(view, event.toolCallId, place)
  return putItem(view, {
    ...tool,
    output: event.mode === 'append' ? tool.output + event.text : event.text,
    isOutputTruncated: event.truncated || (event.mode === 'append' && tool.isOutputTruncated),
  })
}

export function reduceToolDiff(view: SessionView, event: EventOf<'tool.diff'>, place: EventPlace): SessionView {
  const tool = toolFor(view, event.toolCallId, place)
  const { path, change, oldText, newText, unified } = event
  const diff = {
    path,
    change,
    ...(oldText === undefined ? {} : { oldText }),
    ...(newText === undefined ? {} : { newText }),
    ...(unified === undefined ? {} : { unified }),
  }
  return putItem(view, { ...tool, diffs: [...tool.diffs.filter((known) => known.path !== path), diff] })
}

/** Each call ends once; whatever claims to end it again is ignored. */
export function reduceToolEnded(view: SessionView, event: EventOf<'tool.ended'>, place: EventPlace): SessionView {
  const tool = toolFor(view, event.toolCallId, place)
  if (tool.status !== 'running' && tool.status !== 'unknown') return view
  const ended = putItem(view, {
    ...tool,
    status: event.status,
    exitCode: event.exitCode ?? null,
    result: event.result,
    durationMs: event.durationMs ?? (tool.status === 'running' ? elapsedMs(tool.at, place.at) : null),
  })
  return { ...ended, openToolIds: view.openToolIds.filter((id) => id !== tool.id) }
}

/** A task is told on the call that started it; one without a call has no place in the conversation. */
export function reduceTask(view: SessionView, event: EventOf<'task.started' | 'task.updated' | 'task.ended'>): SessionView {
  const tool = event.toolCallId === undefined ? undefined : findTool(view, toolItemId(event.toolCallId))
  if (tool === undefined) return view
  const { taskId, taskKind, background, status } = event
  const title = event.title ?? tool.task?.title
  const summary = event.summary ?? tool.task?.summary
  const words = { ...(title === undefined ? {} : { title }), ...(summary === undefined ? {} : { summary }) }
  return putItem(view, { ...tool, task: { taskId, taskKind, background, status, ...words } })
}
