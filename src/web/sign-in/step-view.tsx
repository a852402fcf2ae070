/** @jsxImportSource preact */
import { requestText } from '../lib/text.ts'
import { AccessKeyForm } from './access-key-form.tsx'
import { FactorForm } from './factor-form.tsx'
import { InvitationForm } from './invitation-form.tsx'
import type { Step } from './load-step.ts'
import { signInStep } from './load-step.ts'
import { SetupForm } from './setup-form.tsx'
import { SignInForm } from './sign-in-form.tsx'
import styles from './sign-in.module.css'
import { StepTitle } from './step-title.tsx'
import { invitationText, pageText } from './text-sign-in.ts'

interface StepViewProps {
  step: Step
  /** Of the link that was opened. */
  setupCode: string
  onStep: (step: Step) => void
  onReload: () => void
}

/** The heading and the form of one step. */
export function StepView({ step, setupCode, onStep, onReload }: StepViewProps) {
  switch (step.name) {
    case 'loading':
      return (
        <p role="status" class={styles.loading}>
          {pageText.loading}
        </p>
      )
    case 'failed':
      return <Message title={pageText.failedTitle} text={step.message} action={requestText.retry} onAction={onReload} />
    case 'access-key':
      return <AccessKeyForm onAccepted={onReload} />
    case 'setup':
      return <SetupForm setupCode={setupCode} />
    case 'sign-in':
      return (
        <SignInForm
          username={step.username}
          message={step.message}
          onFactor={(halfWay) => onStep({ name: 'factor', halfWay, demo: step.demo })}
        />
      )
    case 'factor':
      return (
        <FactorForm
          halfWay={step.halfWay}
          onBack={(message) => onStep(signInStep(step.demo, { username: step.halfWay.username, message }))}
        />
      )
    case 'invitation':
      return <InvitationForm code={step.code} invitation={step.invitation} />
    case 'void-invitation':
      return (
        <Message
          title={invitationText.voidTitle}
          text={invitationText.voidText}
          action={invitationText.toSignIn}
          onAction={() => onStep(signInStep(step.demo))}
        />
      )
  }
}

interface MessageProps {
  title: string
  text: string
  action: string
  onAction: () => void
}

/** A step with nothing to fill in. */
function Message({ title, text, action, onAction }: MessageProps) {
  return (
    <div class={styles.form}>
      <StepTitle isFocusedFirst>{title}</StepTitle>
      <p role="alert">{text}</p>
      <button type="button" class={styles.submit} onClick={onAction}>
        {action}
      </button>
    </div>
  )
}
