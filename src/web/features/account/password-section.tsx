import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import { OtherWaysIn } from './other-ways-in.tsx'
import { Outcome } from './outcome.tsx'
import { PasswordForm } from './password-form.tsx'
import { passwordText } from './text-account.ts'

interface PasswordSectionProps {
  username: string
  /** How many of the user's keys work. */
  apiKeys: number
}

/** The way to another password. */
export function PasswordSection({ username, apiKeys }: PasswordSectionProps) {
  const [step, setStep] = useState<'closed' | 'open' | 'changed'>('closed')
  return (
    <SettingsSection id="password" title={passwordText.title} description={passwordText.description}>
      {step === 'open' ? (
        <PasswordForm username={username} onChanged={() => setStep('changed')} onCancel={() => setStep('closed')} />
      ) : (
        <Button onClick={() => setStep('open')}>{passwordText.change}</Button>
      )}
      <Outcome>{step === 'changed' ? passwordText.changed : null}</Outcome>
      {step === 'changed' && <OtherWaysIn apiKeys={apiKeys} />}
    </SettingsSection>
  )
}
