import type { SubmitEvent } from 'react'
import { lazy, Suspense, useId, useState } from 'react'
import type { TotpEnrolment } from '#protocol/factors'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/code/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { useConfirmTotp } from './account-queries.ts'
import styles from './enrol-dialog.module.css'
import { groupKey } from './group-key.ts'
import { commonText, enrolText } from './text-account.ts'
import { useFailure } from './use-failure.ts'

const QrCode = lazy(async () => ({ default: (await import('./qr-code.tsx')).QrCode }))

interface EnrolDialogProps {
  enrolment: TotpEnrolment
  /** The app is on; these are the codes that stand in for it. */
  onConfirmed: (codes: readonly string[]) => void
  onClose: () => void
}

/** Brings the secret into an app, by picture, link or hand, and has the app show that it arrived. */
export function EnrolDialog({ enrolment, onConfirmed, onClose }: EnrolDialogProps) {
  const formId = useId()
  const [code, setCode] = useState('')
  const [isTried, setIsTried] = useState(false)
  const confirm = useConfirmTotp()
  const { sentence, wait } = useFailure(confirm)
  const isLocked = confirm.isPending || wait > 0

  function submit(event: SubmitEvent) {
    event.preventDefault()
    setIsTried(true)
    if (isLocked || code.trim() === '') return
    setIsTried(false)
    setCode('')
    confirm.mutate(code.trim(), { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes) })
  }

  return (
    <Dialog
      title={enrolText.title}
      closeLabel={commonText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <PendingButton variant="primary" type="submit" form={formId} isBusy={isLocked}>
            {confirm.isPending ? enrolText.turningOn : enrolText.turnOn}
          </PendingButton>
        </>
      }
    >
      <Secret enrolment={enrolment} />
      <form id={formId} noValidate onSubmit={submit}>
        <Field
          className={styles.code}
          label={enrolText.code}
          hint={enrolText.codeHint}
          error={isTried && code.trim() === '' ? enrolText.codeMissing : sentence}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </form>
    </Dialog>
  )
}

function Secret({ enrolment }: { enrolment: TotpEnrolment }) {
  return (
    <div className={styles.secret}>
      <p className={styles.scan}>{enrolText.scan}</p>
      <div className={styles.qr}>
        <Suspense fallback={null}>
          <QrCode text={enrolment.uri} label={enrolText.qr} />
        </Suspense>
      </div>
      <div className={styles.others}>
        <a href={enrolment.uri} className={styles.link}>
          {enrolText.open}
        </a>
        <div>
          <p className={styles.byHand}>{enrolText.byHand}</p>
          <div className={styles.key}>
            <code>{groupKey(enrolment.secret)}</code>
            <CopyButton text={enrolment.secret} label={enrolText.copyKey} copiedLabel={commonText.copied} />
          </div>
        </div>
      </div>
    </div>
  )
}
