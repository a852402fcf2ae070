import type { ApprovalRequest } from '#protocol/approvals'
import { canonicalJson } from '../platform/canonical-json.ts'
import { EditRefusedError } from './approval-errors.ts'

/** For a question only the answers, for a plan only its text may differ from what the agent sent. */
const EDITABLE_FIELD: Partial<Record<ApprovalRequest['approvalKind'], string>> = { question: 'answers', plan: 'plan' }

/**
 * A person's edit of the input, checked.
 * @throws EditRefusedError when the agent takes no edits or the edit touches more than it may
 */
export function checkEdit(request: ApprovalRequest, updatedInput: Record<string, unknown>): Record<string, unknown> {
  if (!request.canEditInput) throw new EditRefusedError('This agent does not take an edited input. Deny it with a reason instead.')
  const field = EDITABLE_FIELD[request.approvalKind]
  if (field === undefined) return updatedInput
  if (fingerprint(request.toolInput, field) !== fingerprint(updatedInput, field)) {
    throw new EditRefusedError(`Only "${field}" may be added or changed here.`)
  }
  return updatedInput
}

function fingerprint(input: unknown, without: string): string {
  return canonicalJson(typeof input === 'object' && input !== null ? { ...input, [without]: undefined } : input)
}
