import { useRef, useState } from 'react'
import { PlanInput } from '#protocol/question-input'
import { messageOf } from '../../lib/api-error.ts'
import { Button } from '../../ui/button.tsx'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import styles from './approval-card.module.css'
import { ApprovalFrame } from './approval-frame.tsx'
import type { CardProps } from './card-props.ts'
import { AllowButton, DecisionBar } from './decision-bar.tsx'
import { inputFields } from './input-fields.ts'
import { approvalText, planText } from './text-approvals.ts'
import { useDecide } from './use-approvals.ts'
import { useArmed } from './use-armed.ts'

/** A plan that waits for approval: read, changed where the agent takes changes, then approved or sent back. */
export function PlanCard(props: CardProps) {
  const { request } = props.approval
  const proposed = PlanInput.safeParse(request.toolInput).data?.plan ?? ''
  const [plan, setPlan] = useState(proposed)
  const { mutate: decide, isPending, error } = useDecide(request)
  const [isRejecting, setIsRejecting] = useState(false)
  const card = useRef<HTMLDivElement>(null)
  const isArmed = useArmed(card) && !isPending

  function approve(remember?: string) {
    const edit = plan === proposed ? {} : { updatedInput: { ...inputFields(request.toolInput), plan } }
    decide({ allow: true, ...edit, ...(remember === undefined ? {} : { remember }) })
  }

  return (
    <ApprovalFrame ref={card} {...props} isArmed={isArmed} onAllow={() => approve()} onReject={() => decide({ allow: false })}>
      <PlanText plan={plan} proposed={proposed} canEdit={request.canEditInput && proposed !== ''} onChange={setPlan} />
      {error !== null && (
        <p role="alert" className={styles.error}>
          {messageOf(error)}
        </p>
      )}
      <DecisionBar
        isArmed={isArmed}
        isDeciding={isPending}
        isRejecting={isRejecting}
        onRejecting={setIsRejecting}
        rejectLabel={planText.keepPlanning}
        onReject={(reason) => decide({ allow: false, ...(reason === '' ? {} : { reason }) })}
        allow={
          <AllowButton isArmed={isArmed} onAllow={() => approve()}>
            {planText.approve}
          </AllowButton>
        }
        wider={request.suggestions.map((suggestion) => (
          <Button
            key={suggestion.id}
            aria-disabled={!isArmed}
            data-allow
            title={suggestion.rule}
            onClick={() => isArmed && approve(suggestion.id)}
          >
            {suggestion.label}
          </Button>
        ))}
      />
    </ApprovalFrame>
  )
}

interface PlanTextProps {
  plan: string
  proposed: string
  canEdit: boolean
  onChange: (plan: string) => void
}

function PlanText({ plan, proposed, canEdit, onChange }: PlanTextProps) {
  const [isEditing, setIsEditing] = useState(false)
  if (proposed === '') return <p className={styles.says}>{planText.noPlan}</p>
  return (
    <>
      {isEditing ? (
        <textarea
          className={styles.planField}
          aria-label={planText.editLabel}
          value={plan}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <ScrollArea label={approvalText.titles.plan} className={styles.plan}>
          <Markdown text={plan} />
        </ScrollArea>
      )}
      <div className={styles.planFoot}>
        {canEdit && (
          <Button variant="quiet" onClick={() => setIsEditing(!isEditing)}>
            {isEditing ? planText.preview : planText.edit}
          </Button>
        )}
        {plan !== proposed && <span className={styles.label}>{planText.edited}</span>}
      </div>
    </>
  )
}
