import { type ReactNode, useMemo } from 'react'
import type { ApprovalPreview, ApprovalRequest } from '#protocol/approvals'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { DiffCount } from '../../ui/diff/diff-count.tsx'
import { DiffView } from '../../ui/diff/diff-view.tsx'
import type { LineDiff } from '../../ui/diff/unified-diff.ts'
import styles from './approval-card.module.css'
import { ExactBlock, MarkWarning } from './exact-block.tsx'
import { marksOf } from './hidden-marks.ts'
import { otherFields, wholeInput } from './input-fields.ts'
import { approvalText } from './text-approvals.ts'

interface Fold {
  isOpen: boolean
  onOpen: () => void
}

interface ActionEffectProps extends Fold {
  request: ApprovalRequest
  /** The lines of an edit; null while they are computed. */
  diff: LineDiff | null
  /** Stands in the command's place while a person changes it. */
  editor: ReactNode
}

/** What the call would do, whole. */
export function ActionEffect({ request, diff, editor, ...fold }: ActionEffectProps) {
  const { preview, toolInput } = request
  switch (preview?.kind) {
    case 'command':
      return (
        <>
          {editor ?? <ExactBlock label={approvalText.command} text={preview.command} isCommand {...fold} />}
          <Rest text={otherFields(toolInput, ['command', 'description'])} {...fold} />
        </>
      )
    case 'edit':
      return (
        <>
          <EditEffect preview={preview} cwd={request.cwd} diff={diff} {...fold} />
          {preview.truncated && <ExactBlock label={approvalText.wholeInput} text={wholeInput(toolInput)} {...fold} />}
        </>
      )
    case 'url':
      return (
        <>
          <ExactBlock label={approvalText.address} text={preview.url} {...fold} />
          <Rest text={otherFields(toolInput, ['url'])} {...fold} />
        </>
      )
    case undefined:
      return <ExactBlock label={approvalText.wholeInput} text={wholeInput(toolInput)} {...fold} />
  }
}

function Rest({ text, ...fold }: Fold & { text: string | null }) {
  if (text === null) return null
  return (
    <div className={styles.rest}>
      <span className={styles.label}>{approvalText.otherFields}</span>
      <ExactBlock label={approvalText.otherFields} text={text} {...fold} />
    </div>
  )
}

interface EditEffectProps extends Fold {
  preview: Extract<ApprovalPreview, { kind: 'edit' }>
  cwd: string
  diff: LineDiff | null
}

function EditEffect({ preview, cwd, diff, isOpen, onOpen }: EditEffectProps) {
  const marks = useMemo(() => marksOf(`${preview.path}\n${preview.newText}`), [preview])
  return (
    <>
      <p className={styles.path}>
        <VisibleText text={pathWithin(cwd, preview.path)} /> {diff !== null && <DiffCount added={diff.added} removed={diff.removed} />}
      </p>
      {preview.truncated && <p className={styles.error}>{approvalText.previewCut}</p>}
      <DiffView path={preview.path} diff={diff} wraps showsAll={isOpen} onShowAll={onOpen} />
      <MarkWarning marks={marks} />
    </>
  )
}

/** A path inside the working directory as from there; any other stays whole. */
function pathWithin(cwd: string, path: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}
