import type { SubmitEvent } from 'react'
import { useState } from 'react'
import type { FactorOverview } from '#protocol/factors'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Proof } from './account-queries.ts'
import { PasswordField } from './password-field.tsx'
import styles from './step-up-dialog.module.css'
import { takeFocus } from './take-focus.ts'
import { stepUpText } from './text-account.ts'

type Way = FactorOverview['stepUp'][number]

interface StepUpFormProps {
  /** For the button that submits it from outside. */
  id: string
  way: Way
  /** What was wrong with the last proof. */
  error: string | undefined
  isLocked: boolean
  onProof: (proof: Proof) => void
}

/** The one field, or the one sentence, of a way to confirm. */
export function StepUpForm({ id, way, error, isLocked, onProof }: StepUpFormProps) {
  const [typed, setTyped] = useState('')
  const [isMissing, setIsMissing] = useState(false)
  const shownError = isMissing ? missingText(way) : error

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (isLocked) return
    const proof = proofOf(way, typed)
    setIsMissing(proof === null)
    if (proof === null) return
    // Sent and gone: a wrong one is typed anew, a right one is needed no longer.
    setTyped('')
    onProof(proof)
  }

  const input = { ref: takeFocus, value: typed, onChange: (event: { target: { value: string } }) => setTyped(event.target.value) }
  return (
    <form id={id} noValidate className={styles.form} onSubmit={submit}>
      {way === 'password' && <PasswordField {...input} label={stepUpText.password} autoComplete="current-password" error={shownError} />}
      {way === 'totp' && (
        <Field
          {...input}
          className={styles.code}
          label={stepUpText.code}
          hint={stepUpText.codeHint}
          error={shownError}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
        />
      )}
      {way === 'recovery-code' && (
        <Field
          {...input}
          className={styles.code}
          label={stepUpText.recoveryCode}
          hint={stepUpText.recoveryCodeHint}
          error={shownError}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
        />
      )}
      {way === 'passkey' && <p>{stepUpText.passkeyExplain}</p>}
      {way === 'passkey' && shownError !== undefined && <Notice tone="negative">{shownError}</Notice>}
    </form>
  )
}

/** Null where nothing was typed. */
function proofOf(way: Way, typed: string): Proof | null {
  if (way === 'passkey') return 'passkey'
  if (way === 'password') return typed === '' ? null : { password: typed }
  return typed.trim() === '' ? null : { code: typed.trim() }
}

function missingText(way: Way): string {
  if (way === 'password') return stepUpText.passwordMissing
  return way === 'totp' ? stepUpText.codeMissing : stepUpText.recoveryCodeMissing
}
