import { useState } from 'preact/hooks'
import { TokenResponse } from '#protocol/auth'
import { ApiError, messageOf } from '../lib/api-error.ts'
import { sendRequest } from '../lib/http-request.ts'
import { signInText } from '../lib/text.ts'
import { continueToApp } from './continue-to-app.ts'
import type { FormMistake } from './form-rules.ts'

interface Submission {
  /** Where the form goes. */
  path: '/api/auth/login' | '/api/auth/register'
  body: Record<string, string>
  mistake: FormMistake | null
}

/** Sends a form and goes on to the app, or tells what is wrong. */
export function useSubmit() {
  const [isSending, setIsSending] = useState(false)
  const [error, setError] = useState<string | null>(null)

  async function submit(form: HTMLFormElement, { path, body, mistake }: Submission): Promise<void> {
    if (mistake !== null) {
      setError(mistake.message)
      focusField(form, mistake.field)
      return
    }
    setIsSending(true)
    setError(null)
    try {
      TokenResponse.parse(await sendRequest({ method: 'POST', path, body }))
      if (continueToApp()) return
      setError(signInText.marker)
    } catch (failure) {
      setError(sentenceOf(failure))
      focusField(form, 'password')
    }
    setIsSending(false)
  }

  return { isSending, error, submit }
}

/** The text of one field, as typed. */
export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}

function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLInputElement) field.focus()
}

function sentenceOf(failure: unknown): string {
  const message = messageOf(failure)
  const retryAfter = failure instanceof ApiError ? failure.retryAfter : null
  return retryAfter === null ? message : signInText.retryAfter(message, retryAfter)
}
