import { useState } from 'react'
import type { Policy } from '#protocol/policy'
import { ApiError } from '../../lib/api-error.ts'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { ChangeList } from './change-list.tsx'
import { compareRules, countChanges } from './policy-changes.ts'
import { changesOf, documentOf, overlaps, type PolicyDraft, reapply } from './policy-draft.ts'
import { useLatestPolicy, useSavePolicy } from './policy-queries.ts'
import { saveFaults } from './save-faults.ts'
import { policyText, savingText } from './text-policy.ts'

interface SaveDialogProps {
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
  onSaved: () => void
  onClose: () => void
}

/** Shows what changes before it is saved; where others were faster, what they changed. */
export function SaveDialog({ draft, onChange, onSaved, onClose }: SaveDialogProps) {
  const { mutate, isPending, error, reset } = useSavePolicy()
  const readLatest = useLatestPolicy()
  const [latest, setLatest] = useState<Policy | null>(null)
  const [readError, setReadError] = useState<unknown>(null)
  const failure = failureOf(isStale(error) ? readError : error)

  function save() {
    if (isPending) return
    setReadError(null)
    mutate(documentOf(draft), {
      onSuccess: onSaved,
      onError: (failed) => {
        if (isStale(failed)) readLatest().then(setLatest, setReadError)
      },
    })
  }

  function goOn(policy: Policy) {
    const next = reapply(draft, policy)
    setLatest(null)
    reset()
    onChange(next)
  }

  return (
    <Dialog
      title={latest === null ? savingText.title : savingText.staleTitle}
      closeLabel={policyText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{policyText.cancel}</Button>
          {latest === null ? (
            <PendingButton variant="primary" isBusy={isPending} onClick={save}>
              {isPending ? savingText.saving : savingText.save}
            </PendingButton>
          ) : (
            <Button variant="primary" onClick={() => goOn(latest)}>
              {savingText.reapply}
            </Button>
          )}
        </>
      }
    >
      {latest === null ? <ChangeList changes={changesOf(draft)} /> : <Meanwhile draft={draft} latest={latest} />}
      <Failure failure={failure} faults={saveFaults(error, draft)} />
    </Dialog>
  )
}

function Failure({ failure, faults }: { failure: string | undefined; faults: readonly string[] | null }) {
  if (failure === undefined) return null
  if (faults === null) return <Notice tone="negative">{failure}</Notice>
  return (
    <Notice tone="negative" title={savingText.refused}>
      <ul>
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </Notice>
  )
}

function Meanwhile({ draft, latest }: { draft: PolicyDraft; latest: Policy }) {
  const theirs = compareRules(draft.base, latest)
  return (
    <>
      <p role="alert">{savingText.stale}</p>
      {countChanges(theirs) === 0 ? <p>{savingText.staleNothing}</p> : <ChangeList changes={theirs} />}
      {overlaps(draft, latest) && <Notice>{savingText.overlaps}</Notice>}
    </>
  )
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'STALE_VERSION'
}
