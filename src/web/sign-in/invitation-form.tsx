/** @jsxImportSource preact */
import type { Invitation } from './load-step.ts'
import { enter } from './enter.ts'
import { newAccountMistake } from './form-rules.ts'
import { NewAccountFields } from './new-account-fields.tsx'
import styles from './sign-in.module.css'
import { StepForm } from './step-form.tsx'
import { formText, invitationText } from './text-sign-in.ts'
import { textOf, useSending } from './use-sending.ts'

interface InvitationFormProps {
  code: string
  invitation: Invitation
}

/** The form for an account to which somebody was invited. */
export function InvitationForm({ code, invitation: { role, invitedBy, expiresAt } }: InvitationFormProps) {
  const sending = useSending()
  const { failure } = sending

  function submit(form: HTMLFormElement) {
    const account = { username: textOf(form, 'username').trim(), password: textOf(form, 'password') }
    void sending.run(() => enter('/api/auth/invitations/accept', { ...account, code }), { form, mistake: newAccountMistake(account) })
  }

  return (
    <StepForm
      title={invitationText.title}
      sending={sending}
      failure={failure?.field === 'password' ? null : failure}
      action={formText.create}
      actionUnderWay={formText.creating}
      onSubmit={submit}
    >
      <div class={styles.intro}>
        <p>
          <strong>{invitationText.invites(invitedBy, role)}</strong>
        </p>
        <p class={styles.hint}>{invitationText.roles[role]}</p>
        <p class={styles.hint}>{invitationText.expires(dateOf(expiresAt))}</p>
      </div>
      <NewAccountFields sending={sending} />
    </StepForm>
  )
}

function dateOf(timestamp: string): string {
  return new Date(timestamp).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
}
