import { TokenResponse } from '#protocol/auth'
import { FactorRequest, PasskeyChallenge } from '#protocol/factors'
import { ApiError } from '../lib/api-error.ts'
import { sendRequest } from '../lib/http-request.ts'
import { provePasskey } from '../lib/passkeys.ts'
import { hasSignedInMarker } from '../lib/signed-in-marker.ts'
import { continueToApp } from './continue-to-app.ts'
import { pageText, passkeyText } from './text-sign-in.ts'

type EntryPath = '/api/auth/login' | '/api/auth/register' | '/api/auth/invitations/accept' | '/api/auth/passkeys/login'

/** Opens a login and goes on to the app; never resolves then. @throws ApiError | Error with a sentence */
export async function enter(path: EntryPath, body: Record<string, unknown>): Promise<never> {
  TokenResponse.parse(await sendRequest({ method: 'POST', path, body }))
  if (!hasSignedInMarker()) throw new Error(pageText.marker)
  continueToApp()
  return new Promise(() => {})
}

/** Signs in with a passkey alone. @throws ApiError | PasskeyFailure */
export async function enterWithPasskey(): Promise<void> {
  const challenge = PasskeyChallenge.parse(await sendRequest({ method: 'POST', path: '/api/auth/passkeys/challenge' }))
  const response = await provePasskey(challenge)
  try {
    await enter('/api/auth/passkeys/login', { challengeId: challenge.challengeId, response })
  } catch (error) {
    throw isRefused(error) ? new Error(passkeyText.unknown, { cause: error }) : error
  }
}

/** What the server asks for in addition to the right password; null for any other failure. */
export function factorRequestOf(error: unknown): FactorRequest | null {
  if (!(error instanceof ApiError) || error.code !== 'TOTP_REQUIRED') return null
  const request = FactorRequest.safeParse(error.details)
  return request.success ? request.data : null
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'INVALID_CODE' || error.code === 'INVALID_CREDENTIALS')
}
