import { useId, useRef, useState } from 'react'
import { type Question, QuestionInput } from '#protocol/question-input'
import { messageOf } from '../../lib/api-error.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './approval-card.module.css'
import { ApprovalFrame } from './approval-frame.tsx'
import type { CardProps } from './card-props.ts'
import { AllowButton, DecisionBar } from './decision-bar.tsx'
import { inputFields } from './input-fields.ts'
import { sendHint } from './key-hints.ts'
import { answersOf, draftOf, type QuestionDraft, type QuestionDrafts, toggleLabel, toggleOther } from './question-draft.ts'
import { questionText } from './text-approvals.ts'
import { useDecide } from './use-approvals.ts'
import { useArmed } from './use-armed.ts'

/** Questions of an agent with their choices; answered all at once. */
export function QuestionCard(props: CardProps) {
  const { request } = props.approval
  const parsed = QuestionInput.safeParse(request.toolInput)
  const questions = parsed.success ? parsed.data.questions : []
  const [drafts, setDrafts] = useState<QuestionDrafts>({})
  const { mutate: decide, isPending, error } = useDecide(request)
  const [isRejecting, setIsRejecting] = useState(false)
  const card = useRef<HTMLDivElement>(null)
  const isArmed = useArmed(card) && !isPending
  const answers = questions.length === 0 ? null : answersOf(drafts, questions)

  function send() {
    if (answers !== null) decide({ allow: true, updatedInput: { ...inputFields(request.toolInput), answers } })
  }

  return (
    <ApprovalFrame ref={card} {...props} isArmed={isArmed} onAllow={send} onReject={() => decide({ allow: false })}>
      <div className={styles.questions}>
        {questions.length === 0 && <p className={styles.error}>{questionText.unreadable}</p>}
        {questions.map((question) => (
          <QuestionField
            key={question.question}
            question={question}
            draft={draftOf(drafts, question)}
            onChange={(draft) => setDrafts((before) => ({ ...before, [question.question]: draft }))}
          />
        ))}
      </div>
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
        rejectLabel={questionText.decline}
        onReject={(reason) => decide({ allow: false, ...(reason === '' ? {} : { reason }) })}
        allow={
          <AllowButton isArmed={isArmed && answers !== null} onAllow={send} {...sendHint()}>
            {questionText.send}
          </AllowButton>
        }
      />
    </ApprovalFrame>
  )
}

interface QuestionFieldProps {
  question: Question
  draft: QuestionDraft
  onChange: (draft: QuestionDraft) => void
}

function QuestionField({ question, draft, onChange }: QuestionFieldProps) {
  const name = useId()
  const type = question.multiSelect === true ? 'checkbox' : 'radio'
  return (
    <fieldset className={styles.question}>
      <legend className={styles.legend}>
        <VisibleText text={question.question} />{' '}
        <span className={styles.label}>{question.multiSelect === true ? questionText.chooseSome : questionText.chooseOne}</span>
      </legend>
      {question.options.map((option) => (
        <label key={option.label} className={styles.option}>
          <input
            type={type}
            name={name}
            checked={draft.labels.includes(option.label)}
            onChange={() => onChange(toggleLabel(draft, question, option.label))}
          />
          <span>
            <VisibleText text={option.label} />
            {option.description !== undefined && (
              <span className={styles.optionText}>
                <VisibleText text={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
      <label className={styles.option}>
        <input type={type} name={name} checked={draft.isOther} onChange={() => onChange(toggleOther(draft, question))} />
        <span>{questionText.other}</span>
      </label>
      {draft.isOther && (
        <input
          className={styles.reason}
          aria-label={questionText.otherLabel}
          placeholder={questionText.otherLabel}
          value={draft.other}
          onChange={(event) => onChange({ ...draft, other: event.target.value })}
        />
      )}
    </fieldset>
  )
}
