/** @jsxImportSource preact */
import { useRef, useState } from 'preact/hooks'
import type { FactorKind } from '#protocol/factors'
import { ApiError } from '../lib/api-error.ts'
import { factorFailureOf } from './form-failure.ts'
import { missing } from './form-rules.ts'
import { completeCode, firstWay, otherWays } from './factor-ways.ts'
import styles from './sign-in.module.css'
import type { HalfWay } from './sign-in-form.tsx'
import { StepForm } from './step-form.tsx'
import { TextField } from './text-field.tsx'
import { factorText } from './text-sign-in.ts'
import { useFactor } from './use-factor.ts'
import { textOf, useSending } from './use-sending.ts'

interface FactorFormProps {
  halfWay: HalfWay
  /** @param message why the name and password are asked for again; null where the person wants that */
  onBack: (message: string | null) => void
}

/** The second factor, in whichever way the account has it. */
export function FactorForm({ halfWay, onBack }: FactorFormProps) {
  const { request, username } = halfWay
  const sending = useSending()
  const [way, setWay] = useState(() => firstWay(request))
  const { enterWithCode, enterWithPasskey } = useFactor(halfWay)

  function submit(form: HTMLFormElement) {
    if (way === null) return
    const code = textOf(form, 'code').trim()
    const work = way === 'passkey' ? enterWithPasskey : () => enterWithCode(code)
    const message = way === 'totp' ? factorText.codeMissing : factorText.recoveryCodeMissing
    void sending.run(() => orBack(work, onBack), {
      form,
      mistake: way === 'passkey' ? null : missing('code', code, message),
      toldAs: (error) => factorFailureOf(error, way),
    })
  }

  function choose(next: FactorKind) {
    sending.clear()
    setWay(next)
  }

  const isPasskey = way === 'passkey'
  return (
    <StepForm
      title={factorText.title}
      sending={sending}
      action={isPasskey ? factorText.usePasskey : factorText.verify}
      actionUnderWay={isPasskey ? factorText.passkeyWaiting : factorText.verifying}
      onSubmit={submit}
      footer={
        <div class={styles.ways}>
          {way !== null &&
            otherWays(request, way).map((each) => (
              <button key={each} type="button" class={styles.quiet} onClick={() => choose(each)}>
                {WAYS[each]}
              </button>
            ))}
          <button type="button" class={styles.quiet} onClick={() => onBack(null)}>
            {factorText.back}
          </button>
        </div>
      }
    >
      <p class={styles.hint}>{factorText.who(username)}</p>
      <Field way={way} isWrong={sending.failure?.field === 'code'} />
    </StepForm>
  )
}

const WAYS: Record<FactorKind, string> = {
  totp: factorText.useCode,
  passkey: factorText.usePasskey,
  'recovery-code': factorText.useRecoveryCode,
}

function Field({ way, isWrong }: { way: FactorKind | null; isWrong: boolean }) {
  const sent = useRef<string | null>(null)

  /** A code that is complete is sent at once, but the same one never twice. */
  function sendComplete({ value, form }: HTMLInputElement) {
    const code = completeCode(value)
    if (code === null || code === sent.current) return
    sent.current = code
    form?.requestSubmit()
  }

  if (way === null) return <p>{factorText.elsewhere}</p>
  if (way === 'passkey') return <p>{factorText.passkeyOnly}</p>
  if (way === 'recovery-code') {
    return (
      <TextField
        key={way}
        name="code"
        label={factorText.recoveryCode}
        hint={factorText.recoveryCodeHint}
        autocomplete="off"
        maxLength={32}
        isFocusedFirst
        isWrong={isWrong}
        isCode
      />
    )
  }
  return (
    <TextField
      key={way}
      name="code"
      label={factorText.code}
      hint={factorText.codeHint}
      autocomplete="one-time-code"
      inputMode="numeric"
      maxLength={32}
      isFocusedFirst
      isWrong={isWrong}
      isCode
      onText={sendComplete}
    />
  )
}

/** A password that is not right any more is asked for anew. */
async function orBack(work: () => Promise<void>, onBack: (message: string) => void): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'INVALID_CREDENTIALS') throw error
    onBack(error.message)
  }
}
