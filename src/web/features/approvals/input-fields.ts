import * as z from 'zod/mini'
import type { ApprovalRequest } from '#protocol/approvals'

const Fields = z.record(z.string(), z.unknown())

/** A tool's input as its fields; empty where it has none. */
export function inputFields(toolInput: unknown): Record<string, unknown> {
  const fields = Fields.safeParse(toolInput)
  return fields.success ? fields.data : {}
}

/** The input's fields but for those that are shown already, as JSON; null where nothing is left. */
export function otherFields(toolInput: unknown, shown: readonly string[]): string | null {
  const entries = Object.entries(inputFields(toolInput)).filter(([name]) => !shown.includes(name))
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries), null, 2)
}

/** The whole input, exactly. */
export function wholeInput(toolInput: unknown): string {
  if (toolInput === undefined) return ''
  return typeof toolInput === 'string' ? toolInput : JSON.stringify(toolInput, null, 2)
}

/** The command of a call where a person may change it, else null. */
export function editableCommand({ canEditInput, preview, toolInput }: ApprovalRequest): string | null {
  const { command } = inputFields(toolInput)
  return canEditInput && preview?.kind === 'command' && command === preview.command ? preview.command : null
}
