import { useState } from 'preact/hooks'
import { failureOf, type FormFailure, toFailure } from './form-failure.ts'
import type { FormMistake } from './form-rules.ts'
import { type Countdown, useCountdown } from './use-countdown.ts'

export interface Sending {
  isSending: boolean
  failure: FormFailure | null
  countdown: Countdown
  /** Tells a mistake, or runs `work`, and tells how that failed. Does nothing while a request is under way or has to wait. */
  run: (work: () => Promise<void>, options?: RunOptions) => Promise<void>
  clear: () => void
}

interface RunOptions {
  /** Whose fields are looked at again after a failure. */
  form?: HTMLFormElement
  mistake?: FormMistake | null
  toldAs?: (error: unknown) => FormFailure
}

/** One request of a form at a time, with what to tell of it. @param message told from the start */
export function useSending(message: string | null = null): Sending {
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState<FormFailure | null>(() => (message === null ? null : toFailure(message, 'password')))
  const countdown = useCountdown()

  function tell(told: FormFailure, form: HTMLFormElement | undefined) {
    setFailure(told)
    if (told.waitSeconds !== null) countdown.start(told.waitSeconds)
    else if (form !== undefined && told.field !== null) focusField(form, told.field)
  }

  async function run(work: () => Promise<void>, { form, mistake = null, toldAs = failureOf }: RunOptions = {}): Promise<void> {
    if (isSending || countdown.secondsLeft > 0) return
    if (mistake !== null) {
      tell(toFailure(mistake.message, mistake.field), form)
      return
    }
    setIsSending(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      tell(toldAs(error), form)
    }
    setIsSending(false)
  }

  return { isSending, failure, countdown, run, clear: () => setFailure(null) }
}

/** The text of one field, as typed. */
export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}

function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name)
  if (!(field instanceof HTMLInputElement)) return
  field.focus()
  if (name !== 'username') field.select()
}
