import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Session } from '#protocol/sessions'
import { useUpdateSession } from '../lib/server-queries.ts'
import { failureOf, withStepUp } from '../lib/step-up.ts'
import { Select } from '../ui/select.tsx'
import { ConfirmDialog } from '../ui/settings/confirm-dialog.tsx'
import styles from './skip.module.css'
import { skipText } from './text-skip.ts'

const DURATIONS = Object.entries(skipText.durations).map(([value, label]) => ({ value, label }))

/** Asks for how long a session shall skip approvals, and then for a fresh proof where the server wants one. */
export function SkipDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const [minutes, setMinutes] = useState('30')
  const { mutateAsync: update } = useUpdateSession(session.id)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => withStepUp(() => update({ mode: 'bypassPermissions', modeMinutes: Number(minutes) }), skipText.reason),
    onSuccess: onClose,
  })
  return (
    <ConfirmDialog
      title={skipText.title}
      words={{ close: skipText.close, cancel: skipText.cancel, confirm: skipText.confirm, confirming: skipText.confirming }}
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => mutate()}
      onClose={onClose}
    >
      {skipText.text} {skipText.still}
      <span className={styles.duration}>
        <span aria-hidden>{skipText.duration}</span>
        <Select edged label={skipText.duration} value={minutes} options={DURATIONS} onChange={setMinutes} />
      </span>
    </ConfirmDialog>
  )
}
