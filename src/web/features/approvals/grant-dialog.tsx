import { useId, useRef, useState } from 'react'
import type { ApprovalRequest, ApprovalSuggestion, RememberFor } from '#protocol/approvals'
import { Button } from '../../ui/button.tsx'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import styles from './grant-dialog.module.css'
import { PastCalls } from './past-calls.tsx'
import { grantText } from './text-grants.ts'
import { useArmed } from './use-armed.ts'

interface GrantDialogProps {
  request: ApprovalRequest
  isDeciding: boolean
  onAllow: (suggestionId: string, rememberFor: RememberFor | undefined) => void
  onClose: () => void
}

/** What else is to be allowed with this call, literally, for how long, and what that would have meant so far. */
export function GrantDialog({ request, isDeciding, onAllow, onClose }: GrantDialogProps) {
  const formId = useId()
  const form = useRef<HTMLFormElement>(null)
  const isArmed = useArmed(form) && !isDeciding
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [chosenFor, setChosenFor] = useState<RememberFor | null>(null)
  const suggestion = request.suggestions.find(({ id }) => id === chosenId) ?? request.suggestions[0]
  if (suggestion === undefined) return null
  const rememberFor = lifetimeOf(suggestion, chosenFor)
  return (
    <Dialog
      title={grantText.title}
      closeLabel={grantText.back}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{grantText.back}</Button>
          <PendingButton type="submit" form={formId} variant="primary" isBusy={!isArmed}>
            {isDeciding ? grantText.allowing : grantText.allow}
          </PendingButton>
        </>
      }
    >
      <form
        ref={form}
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isArmed) onAllow(suggestion.id, rememberFor)
        }}
      >
        <ChoiceList
          legend={grantText.what}
          choices={request.suggestions.map(({ id, label, sentence }) => ({ value: id, label, meaning: sentence }))}
          chosen={[suggestion.id]}
          onChange={([id]) => setChosenId(id ?? null)}
        />
        <div className={styles.rule}>
          <span className={styles.label}>{grantText.rule}</span>
          <code>
            <VisibleText text={suggestion.rule} />
          </code>
        </div>
        {rememberFor !== undefined && (
          <ChoiceList
            legend={grantText.howLong}
            choices={suggestion.lifetimes.map((value) => ({ value, ...grantText.lifetimes[value] }))}
            chosen={[rememberFor]}
            onChange={([value]) => setChosenFor(value ?? null)}
          />
        )}
        {suggestion.draft !== undefined && <PastCalls key={suggestion.id} rule={suggestion.draft} projectId={request.projectId} />}
      </form>
    </Dialog>
  )
}

/** What was chosen where it is offered, else this session, else the shortest. */
function lifetimeOf({ lifetimes }: ApprovalSuggestion, chosen: RememberFor | null): RememberFor | undefined {
  if (chosen !== null && lifetimes.includes(chosen)) return chosen
  return lifetimes.includes('session') ? 'session' : lifetimes[0]
}
