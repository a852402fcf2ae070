import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { failureOf } from '../../lib/step-up.ts'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import styles from './freeze.module.css'
import { freezeText } from './text-freeze.ts'
import { useSetFreeze } from './use-set-freeze.ts'

const MAX_REASON_LENGTH = 500

/** Says what a freeze does, and does it. */
export function FreezeDialog({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const [reason, setReason] = useState('')
  const { freeze } = useSetFreeze()
  const failure = failureOf(freeze.error)
  return (
    <Dialog
      title={freezeText.title}
      closeLabel={freezeText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{freezeText.cancel}</Button>
          <PendingButton type="submit" form={formId} variant="danger" isBusy={freeze.isPending}>
            {freeze.isPending ? freezeText.freezing : freezeText.confirm}
          </PendingButton>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!freeze.isPending) freeze.mutate(reason.trim(), { onSuccess: onClose })
        }}
      >
        <p>{freezeText.lead}</p>
        <ul className={styles.effects}>
          {freezeText.effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        <Field
          label={freezeText.reason}
          hint={freezeText.reasonHint}
          value={reason}
          maxLength={MAX_REASON_LENGTH}
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
        {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
      </form>
    </Dialog>
  )
}
