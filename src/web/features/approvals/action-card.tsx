import type { ApprovalPreview, ApprovalRequest } from '#protocol/approvals'
import { messageOf } from '../../lib/api-error.ts'
import { Code } from '../../ui/code/code.tsx'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { DiffCount } from '../../ui/diff/diff-count.tsx'
import { DiffView } from '../../ui/diff/diff-view.tsx'
import { useLineDiff } from '../../ui/diff/use-line-diff.ts'
import styles from './approval-card.module.css'
import { ApprovalFrame } from './approval-frame.tsx'
import type { CardProps } from './card-props.ts'
import { AllowButton, DecisionBar, SessionGrantMenu } from './decision-bar.tsx'
import { otherFields, wholeInput } from './input-fields.ts'
import { allowHint } from './key-hints.ts'
import { approvalText } from './text-approvals.ts'
import { useArmed, useDecide } from './use-approvals.ts'

/** A command, an edit or another tool call that waits: its effect first, then the buttons. */
export function ActionCard(props: CardProps) {
  const { request } = props.approval
  const { mutate: decide, isPending, error } = useDecide(request)
  const isArmed = useArmed() && !isPending
  const allow = () => decide({ allow: true })
  return (
    <ApprovalFrame {...props} isArmed={isArmed} onAllow={allow} onReject={() => decide({ allow: false })}>
      <Effect request={request} />
      <Facts request={request} />
      {error !== null && (
        <p role="alert" className={styles.error}>
          {messageOf(error)}
        </p>
      )}
      <DecisionBar
        isArmed={isArmed}
        isDeciding={isPending}
        rejectLabel={approvalText.reject}
        onReject={(reason) => decide({ allow: false, ...(reason === '' ? {} : { reason }) })}
        allow={
          <AllowButton isArmed={isArmed} onAllow={allow} {...allowHint()}>
            {approvalText.allowOnce}
          </AllowButton>
        }
        wider={
          <SessionGrantMenu
            isArmed={isArmed}
            suggestions={request.suggestions}
            onChoose={(remember) => decide({ allow: true, remember })}
          />
        }
      />
    </ApprovalFrame>
  )
}

/** What it would do, whole. */
function Effect({ request }: { request: ApprovalRequest }) {
  const { preview, toolInput } = request
  switch (preview?.kind) {
    case 'command':
      return (
        <>
          <Exact label={approvalText.command} text={preview.command} language="bash" />
          <Rest text={otherFields(toolInput, ['command', 'description'])} />
        </>
      )
    case 'edit':
      return (
        <>
          <EditEffect preview={preview} cwd={request.cwd} />
          {preview.truncated && <Exact label={approvalText.wholeInput} text={wholeInput(toolInput)} language="json" />}
        </>
      )
    case 'url':
      return (
        <>
          <Exact label={approvalText.address} text={preview.url} />
          <Rest text={otherFields(toolInput, ['url'])} />
        </>
      )
    case undefined:
      return <Exact label={approvalText.wholeInput} text={wholeInput(toolInput)} language="json" />
  }
}

function Exact({ label, text, language = '' }: { label: string; text: string; language?: string }) {
  return (
    <ScrollArea label={label} className={styles.exact}>
      <pre>
        <Code text={text} language={language} />
      </pre>
    </ScrollArea>
  )
}

function Rest({ text }: { text: string | null }) {
  if (text === null) return null
  return (
    <div className={styles.rest}>
      <span className={styles.label}>{approvalText.otherFields}</span>
      <Exact label={approvalText.otherFields} text={text} language="json" />
    </div>
  )
}

interface EditEffectProps {
  preview: Extract<ApprovalPreview, { kind: 'edit' }>
  cwd: string
}

function EditEffect({ preview, cwd }: EditEffectProps) {
  const diff = useLineDiff({ oldText: preview.oldText, newText: preview.newText })
  return (
    <>
      <p className={styles.path}>
        <VisibleText text={pathWithin(cwd, preview.path)} /> {diff !== null && <DiffCount added={diff.added} removed={diff.removed} />}
      </p>
      {preview.truncated && <p className={styles.error}>{approvalText.previewCut}</p>}
      <DiffView path={preview.path} diff={diff} wraps />
    </>
  )
}

/** A path inside the working directory as from there; any other stays whole. */
function pathWithin(cwd: string, path: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}

/** What the server knows, then what the agent says: told apart. */
function Facts({ request: { cwd, risk, description = '', preview } }: { request: ApprovalRequest }) {
  const repeatsPath = preview?.kind === 'edit' && preview.path.endsWith(description)
  return (
    <>
      <ul className={styles.facts}>
        <li>
          <VisibleText text={approvalText.cwd(cwd)} />
        </li>
        {risk.reasons.map((reason) => (
          <li key={reason} className={risk.level === 'high' ? styles.danger : undefined}>
            {reason}
          </li>
        ))}
      </ul>
      {description !== '' && !repeatsPath && (
        <p className={styles.says}>
          {approvalText.agentSays}{' '}
          <q>
            <VisibleText text={description} />
          </q>
        </p>
      )}
    </>
  )
}
