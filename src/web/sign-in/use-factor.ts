import { useRef } from 'preact/hooks'
import type { PasskeyChallenge } from '#protocol/factors'
import { provePasskey } from '../lib/passkeys.ts'
import { enter, factorRequestOf } from './enter.ts'
import { isFresh } from './factor-ways.ts'
import type { HalfWay } from './sign-in-form.tsx'

/** Signs in with the password that was right and one more factor. */
export function useFactor({ username, password, request }: HalfWay) {
  const challenge = useRef<{ value: PasskeyChallenge | null; fetchedAt: number }>({ value: request.passkey ?? null, fetchedAt: Date.now() })

  /** @throws ApiError */
  async function enterWithCode(code: string): Promise<void> {
    await enter('/api/auth/login', { username, password, totp: code })
  }

  /** @throws ApiError | PasskeyFailure */
  async function enterWithPasskey(): Promise<void> {
    const { challengeId, options } = await takeChallenge()
    const response = await provePasskey({ challengeId, options })
    await enter('/api/auth/login', { username, password, passkey: { challengeId, response } })
  }

  /** The one that came with the request, once; then each time a new one. */
  async function takeChallenge(): Promise<PasskeyChallenge> {
    const { value, fetchedAt } = challenge.current
    challenge.current = { value: null, fetchedAt: 0 }
    return value !== null && isFresh(fetchedAt, Date.now()) ? value : fetchChallenge()
  }

  async function fetchChallenge(): Promise<PasskeyChallenge> {
    try {
      return await enter('/api/auth/login', { username, password })
    } catch (error) {
      const fresh = factorRequestOf(error)?.passkey
      if (fresh === undefined) throw error
      return fresh
    }
  }

  return { enterWithCode, enterWithPasskey }
}
