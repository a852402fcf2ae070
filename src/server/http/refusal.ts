import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode } from '#protocol/errors'
import { API_KEY_PREFIX } from './authentication.ts'
import type { Principal } from './principal.ts'

/** Somebody was not let in, or may not do what they tried. */
export interface Refusal {
  problem: ErrorCode
  /** As the permission table names it: `PUT /policy`, `/ws`, `message session-prompt`; never an address with what a client put into it. */
  where: string
  /** Null where the credential itself was refused. */
  principal: Principal | null
  address: string
}

/** Called for each refusal; returns at once. */
export type OnRefusal = (refusal: Refusal) => void

/**
 * What counts as a failed authorisation (ASVS 16.3.2). Not among them: an access token that grew old, which each browser
 * meets every quarter of an hour, and the question for a fresh proof, whose wrong answers are recorded where they are given.
 */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['FORBIDDEN', 'ORIGIN_NOT_ALLOWED', 'HOST_NOT_ALLOWED', 'PATH_OUTSIDE_PROJECT'])

/** Another user's things, which do not exist for whoever asks. */
const hidden = new WeakSet()

/** Marks an error that says "not found" of something that is there: for the log it is a refusal. */
export function asHidden<Failure extends Error>(error: Failure): Failure {
  hidden.add(error)
  return error
}

/** Whether what a caller was told is a refusal; a missing credential is none, a wrong one is. */
export function isRefusal(problem: ErrorCode, error: unknown, hasCredential: boolean): boolean {
  if (problem === 'UNAUTHORIZED') return hasCredential
  return REFUSALS.has(problem) || (typeof error === 'object' && error !== null && hidden.has(error))
}

/**
 * Whether a request brings a token or a refresh cookie. Wrong API keys are not looked at here: they have an entry of
 * their own wherever they are checked.
 */
export function bringsCredential({ authorization, cookie, 'x-api-key': key }: IncomingHttpHeaders): boolean {
  const bearer = authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : ''
  if (bearer.startsWith(API_KEY_PREFIX) || (bearer === '' && key !== undefined)) return false
  return bearer !== '' || cookie?.includes('acu_refresh_') === true
}
