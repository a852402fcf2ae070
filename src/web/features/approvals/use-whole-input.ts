import { useState } from 'react'
import type { ApprovalRequest } from '#protocol/approvals'
import { DIFF_LINES_SHOWN } from '../../ui/diff/diff-view.tsx'
import type { LineDiff } from '../../ui/diff/unified-diff.ts'
import { useLineDiff } from '../../ui/diff/use-line-diff.ts'
import { isFolded } from './exact-lines.ts'
import { otherFields, wholeInput } from './input-fields.ts'

export interface WholeInput {
  /** The lines of an edit; null while they are computed. */
  diff: LineDiff | null
  /** Whether folds are open. */
  isOpen: boolean
  onOpen: () => void
  /** `folded`: something must be opened before it may be allowed; `loading`: it is about to be shown. */
  seen: 'whole' | 'folded' | 'loading'
}

const NO_CHANGE = { unified: '' }

/** Whether the person can have seen the whole input: nothing is allowed before. */
export function useWholeInput(request: ApprovalRequest): WholeInput {
  const [isOpen, setIsOpen] = useState(false)
  const edit = request.preview?.kind === 'edit' ? request.preview : null
  const diff = useLineDiff(edit ?? NO_CHANGE)
  const isLong = textsOf(request).some(isFolded) || (diff?.lines.length ?? 0) > DIFF_LINES_SHOWN
  const seen = diff === null ? 'loading' : isLong && !isOpen ? 'folded' : 'whole'
  return { diff, isOpen, onOpen: () => setIsOpen(true), seen }
}

/** The texts that the card shows in blocks. */
function textsOf({ preview, toolInput }: ApprovalRequest): string[] {
  switch (preview?.kind) {
    case 'command':
      return [preview.command, otherFields(toolInput, ['command', 'description']) ?? '']
    case 'url':
      return [preview.url, otherFields(toolInput, ['url']) ?? '']
    case 'edit':
      return preview.truncated ? [wholeInput(toolInput)] : []
    case undefined:
      return [wholeInput(toolInput)]
  }
}
