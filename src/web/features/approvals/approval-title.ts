import type { ApprovalRequest } from '#protocol/approvals'
import { approvalText } from './text-approvals.ts'

/** What is asked, in a few words of ours. */
export function approvalTitle({ approvalKind, preview, toolName }: ApprovalRequest): string {
  if (approvalKind === 'edit' && preview?.kind === 'edit' && preview.oldText === null) return approvalText.newFile
  if (approvalKind !== 'tool') return approvalText.titles[approvalKind]
  return preview?.kind === 'url' ? approvalText.openAddress : approvalText.toolNamed(toolName)
}
