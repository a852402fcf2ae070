import type { ReactNode, SubmitEvent } from 'react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import styles from './account.module.css'
import { useChangePassword } from './account-queries.ts'
import { PasswordField } from './password-field.tsx'
import type { PasswordFaults } from './password-faults.ts'
import { faultsOf } from './password-faults.ts'
import { StrengthMeter } from './strength-meter.tsx'
import { takeFocus } from './take-focus.ts'
import { commonText, passwordText } from './text-account.ts'
import { useFailure } from './use-failure.ts'

interface PasswordFormProps {
  username: string
  onChanged: () => void
  onCancel: () => void
}

/** The password that is, and the one to be. Says beside each what is wrong with it. */
export function PasswordForm({ username, onChanged, onCancel }: PasswordFormProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isTried, setIsTried] = useState(false)
  const change = useChangePassword()
  const { sentence, wait } = useFailure(change)
  const faults = faultsOf(change.error, sentence)
  const isLocked = change.isPending || wait > 0

  function submit(event: SubmitEvent) {
    event.preventDefault()
    setIsTried(true)
    if (isLocked || current === '' || next === '') return
    change.mutate({ currentPassword: current, newPassword: next }, { onSuccess: onChanged })
  }

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      {/* Tells password managers whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <PasswordField
        ref={takeFocus}
        label={passwordText.current}
        name="current-password"
        autoComplete="current-password"
        value={current}
        error={isTried && current === '' ? passwordText.currentMissing : faults.current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <div className={styles.group}>
        <PasswordField
          label={passwordText.next}
          name="new-password"
          autoComplete="new-password"
          value={next}
          error={isTried && next === '' ? passwordText.nextMissing : rejection(faults)}
          onChange={(event) => {
            setNext(event.target.value)
            // What the server said was of another one.
            if (faults.next !== undefined) change.reset()
          }}
        />
        <StrengthMeter password={next} username={username} isSilent={faults.next !== undefined} />
      </div>
      {faults.form !== undefined && <Notice tone="negative">{faults.form}</Notice>}
      <div className={styles.buttons}>
        <PendingButton variant="primary" type="submit" isBusy={isLocked}>
          {change.isPending ? passwordText.changing : passwordText.change}
        </PendingButton>
        <Button onClick={onCancel}>{commonText.cancel}</Button>
      </div>
    </form>
  )
}

function rejection({ next, suggestions }: PasswordFaults): ReactNode {
  if (next === undefined || suggestions.length === 0) return next
  return (
    <>
      <p>{next}</p>
      <ul>
        {suggestions.map((suggestion) => (
          <li key={suggestion}>{suggestion}</li>
        ))}
      </ul>
    </>
  )
}
