import type { ApprovalAsk } from '../provider.ts'
import { approvalKindOf, onlyReadsOf, readsOf, toolTitle, writesOf } from './tool-catalogue.ts'

/** A call as the gate asks about it, without the conversation that it would be part of. */
export function describeCall(toolName: string, toolInput: Record<string, unknown>, cwd: string): ApprovalAsk {
  return {
    approvalKind: approvalKindOf(toolName),
    toolName,
    toolInput,
    title: toolTitle(toolName, toolInput, cwd),
    reads: readsOf(toolName, toolInput, cwd),
    writes: writesOf(toolName, toolInput, cwd),
    onlyReads: onlyReadsOf(toolName, toolInput),
  }
}
