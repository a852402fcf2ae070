import * as z from 'zod/mini'
import type { EventOf, SessionEvent, ToolStatus } from '#protocol/session-events'
import { type Conversation, laneOf, type OpenTool, toolCallIdOf } from './conversation.ts'
import { toolKindOf, toolLocations, toolTitle } from './tool-catalogue.ts'
import { planEvents } from './translate-plan.ts'

const InputObject = z.record(z.string(), z.unknown())

interface ToolCall {
  nativeId: string
  name: string
  parentNativeId: string | null
}

/** A tool call begins to form; its input is not known yet. */
export function startTool(conversation: Conversation, call: ToolCall): SessionEvent[] {
  if (conversation.openTools.has(call.nativeId)) return []
  const tool = openTool(conversation, call)
  return [
    {
      ...toolHead(tool),
      kind: 'tool.started',
      name: tool.name,
      toolKind: tool.kind,
      title: toolTitle(call.name, {}, conversation.cwd),
      locations: [],
    },
  ]
}

/** The whole input of a tool call, whether it streamed before or not. */
export function wholeToolInput(conversation: Conversation, call: ToolCall & { input: unknown }): SessionEvent[] {
  const parsed = InputObject.safeParse(call.input)
  const input = parsed.success ? parsed.data : {}
  const title = toolTitle(call.name, input, conversation.cwd)
  const locations = toolLocations(call.name, input, conversation.cwd)
  const known = conversation.openTools.get(call.nativeId)
  const tool = known ?? openTool(conversation, call)
  Object.assign(tool, { input, isInputWhole: true, startedAt: conversation.now() })
  const told: SessionEvent = known
    ? { ...toolHead(tool), kind: 'tool.input', input, title, locations }
    : { ...toolHead(tool), kind: 'tool.started', name: tool.name, toolKind: tool.kind, title, input, locations }
  return [told, ...planEvents(conversation, tool)]
}

/** The one end of a tool call. Nothing, where it ended before. */
export function endTool(
  conversation: Conversation,
  nativeId: string,
  end: { status: ToolStatus; exitCode?: number | undefined; decidedBy?: string | undefined },
): EventOf<'tool.ended'>[] {
  const tool = conversation.openTools.get(nativeId)
  if (!tool) return []
  conversation.openTools.delete(nativeId)
  conversation.declined.delete(nativeId)
  conversation.allowed.delete(nativeId)
  return [{ ...toolHead(tool), kind: 'tool.ended', ...end, durationMs: Math.round(conversation.now() - tool.startedAt) }]
}

/** Ends every open tool call that `which` names: nobody will tell what became of it. */
export function endTools(conversation: Conversation, status: ToolStatus, which: (tool: OpenTool) => boolean): SessionEvent[] {
  return [...conversation.openTools].filter(([, tool]) => which(tool)).flatMap(([nativeId]) => endTool(conversation, nativeId, { status }))
}

export function toolHead(tool: OpenTool) {
  return { v: 1 as const, turnId: tool.turnId, parentId: tool.parentId, toolCallId: tool.id }
}

function openTool(conversation: Conversation, call: ToolCall): OpenTool {
  const lane = laneOf(conversation, call.parentNativeId)
  const tool: OpenTool = {
    id: toolCallIdOf(call.nativeId),
    name: call.name,
    kind: toolKindOf(call.name),
    parentNativeId: call.parentNativeId,
    parentId: lane.parentId,
    turnId: lane.turnId,
    input: {},
    isInputWhole: false,
    startedAt: conversation.now(),
  }
  conversation.openTools.set(call.nativeId, tool)
  return tool
}
