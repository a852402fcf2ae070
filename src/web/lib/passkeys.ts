import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import * as z from 'zod/mini'
import type { PasskeyChallenge } from '#protocol/factors'

/* Loaded only where somebody uses a passkey; what it imports in turn, only once the browser is asked. */

/** Why a ceremony gave nothing. `dismissed`: closed, or timed out; browsers do not tell which. */
export type PasskeyFailureReason = 'dismissed' | 'known-already' | 'wrong-address' | 'no-authenticator'

/** The browser or the authenticator gave no passkey. */
export class PasskeyFailure extends Error {
  readonly reason: PasskeyFailureReason

  constructor(reason: PasskeyFailureReason, cause: unknown) {
    super(`The passkey ceremony failed: ${reason}.`, { cause })
    this.name = 'PasskeyFailure'
    this.reason = reason
  }
}

/** An authenticator's answer, in the JSON of W3C WebAuthn Level 3, section 5.1. */
export type CeremonyAnswer = Record<string, unknown>

const CreationOptions = z.custom<PublicKeyCredentialCreationOptionsJSON>((value) => hasText(value, 'challenge'))
const RequestOptions = z.custom<PublicKeyCredentialRequestOptionsJSON>((value) => hasText(value, 'challenge'))

/** Whether this browser has passkeys under this address: over HTTPS or on this machine, and under a name, never an IP address. */
export function hasPasskeys(): boolean {
  return window.isSecureContext && 'PublicKeyCredential' in window && !isIpAddress(location.hostname)
}

function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
}

/** Has the authenticator make a passkey. @throws PasskeyFailure */
export async function makePasskey({ options }: PasskeyChallenge): Promise<CeremonyAnswer> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  return { ...(await orFailure(startRegistration({ optionsJSON: CreationOptions.parse(options) }))) }
}

/** Has the authenticator prove a passkey. @throws PasskeyFailure */
export async function provePasskey({ options }: PasskeyChallenge): Promise<CeremonyAnswer> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return { ...(await orFailure(startAuthentication({ optionsJSON: RequestOptions.parse(options) }))) }
}

async function orFailure<Answer>(ceremony: Promise<Answer>): Promise<Answer> {
  try {
    return await ceremony
  } catch (error) {
    throw new PasskeyFailure(reasonOf(error), error)
  }
}

/** By the names that the browser's own errors have (W3C WebAuthn Level 3, sections 5.1.3 and 5.1.4). */
function reasonOf(error: unknown): PasskeyFailureReason {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'InvalidStateError') return 'known-already'
  if (name === 'SecurityError') return 'wrong-address'
  return name === 'NotAllowedError' || name === 'AbortError' ? 'dismissed' : 'no-authenticator'
}

function hasText(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'string'
}
