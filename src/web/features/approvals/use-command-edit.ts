import { useState } from 'react'
import type { ApprovalRequest } from '#protocol/approvals'
import { editableCommand, inputFields } from './input-fields.ts'

export interface CommandEdit {
  /** The command in the editor; null while it is shut. */
  text: string | null
  /** What runs in place of the agent's input; null: that as it is. */
  input: Record<string, unknown> | null
  /** Null where the command cannot be changed. */
  begin: (() => void) | null
  change: (text: string) => void
  undo: () => void
}

/** A person's own text of a command, where the agent takes one. */
export function useCommandEdit(request: ApprovalRequest): CommandEdit {
  const command = editableCommand(request)
  const [text, setText] = useState<string | null>(null)
  const isChanged = text !== null && text !== command
  return {
    text,
    input: isChanged ? { ...inputFields(request.toolInput), command: text } : null,
    begin: command === null ? null : () => setText((current) => current ?? command),
    change: setText,
    undo: () => setText(null),
  }
}
