import type { EventOf } from '#protocol/session-events'
import type { ApprovalMark, ToolItem } from './items.ts'
import { itemHead } from './session-facts.ts'
import { addItem, type EventPlace, findItem, findTool, replaceItem, type SessionView, toolItemId } from './session-view.ts'

function approvalItemId(approvalId: string): string {
  return `approval:${approvalId}`
}

export function reduceApprovalRequested(view: SessionView, event: EventOf<'approval.requested'>, place: EventPlace): SessionView {
  const { approvalId, approvalKind, title, toolName, input, inputHash, expiresAt } = event
  const open = {
    approvalId,
    toolCallId: event.toolCallId ?? null,
    approvalKind,
    title,
    toolName,
    input,
    inputHash,
    expiresAt,
    requestedAt: place.at,
  }
  const asked = { ...view, openApprovals: new Map(view.openApprovals).set(approvalId, open) }
  const mark: ApprovalMark = { approvalId, outcome: null, by: null, message: null, isEdited: false }
  const tool = event.toolCallId === undefined ? undefined : findTool(view, toolItemId(event.toolCallId))
  if (tool !== undefined) return replaceItem(asked, { ...tool, approval: mark })
  const id = approvalItemId(approvalId)
  if (findItem(view, id) !== undefined) return asked
  return addItem(asked, { ...itemHead(id, place), kind: 'approval', title, approval: mark })
}

export function reduceApprovalResolved(view: SessionView, event: EventOf<'approval.resolved'>): SessionView {
  const { approvalId, outcome, by } = event
  const mark: ApprovalMark = { approvalId, outcome, by, message: event.message ?? null, isEdited: event.updatedInput !== undefined }
  const resolved = withoutApproval(view, approvalId)
  const tool = askedTool(view, event)
  if (tool?.approval?.approvalId === approvalId) {
    return replaceItem(resolved, { ...tool, input: event.updatedInput ?? tool.input, approval: mark })
  }
  const item = findItem(view, approvalItemId(approvalId))
  return item?.kind === 'approval' ? replaceItem(resolved, { ...item, approval: mark }) : resolved
}

/** The tool call that was decided about; an event that does not name it means the one of the request. */
function askedTool(view: SessionView, event: EventOf<'approval.resolved'>): ToolItem | undefined {
  const toolCallId = event.toolCallId ?? view.openApprovals.get(event.approvalId)?.toolCallId
  return toolCallId ? findTool(view, toolItemId(toolCallId)) : undefined
}

function withoutApproval(view: SessionView, approvalId: string): SessionView {
  if (!view.openApprovals.has(approvalId)) return view
  const openApprovals = new Map(view.openApprovals)
  openApprovals.delete(approvalId)
  return { ...view, openApprovals }
}
