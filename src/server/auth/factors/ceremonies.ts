import * as z from 'zod/mini'
import type { Site } from '../client.ts'
import { CHALLENGE_MS } from './challenges.ts'

/*
 * What browsers are told and what they answer, in the JSON of W3C Web Authentication, section 5.1. Options are written
 * here, answers are checked by the library: a sign-in page asks for options whenever it opens, and the library is large.
 */

/** COSE algorithms: EdDSA, ES256, RS256. */
export const ALGORITHMS = [-8, -7, -257]
const RP_NAME = 'AI Code UI'
const MAX_TEXT = 20_000

const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]*$/), z.maxLength(MAX_TEXT))
const CredentialIdText = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,1400}$/))
const envelope = { id: CredentialIdText, rawId: CredentialIdText, type: z.literal('public-key') }

/** What `navigator.credentials.create` answered, as JSON; fields that nobody reads are dropped. */
export const CreationAnswer = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z._default(z.array(z.string().check(z.maxLength(32))).check(z.maxLength(10)), []),
  }),
})
export type CreationAnswer = z.infer<typeof CreationAnswer>

/** What `navigator.credentials.get` answered, as JSON. */
export const AssertionAnswer = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: z.optional(z.nullable(Base64Url)),
  }),
})
export type AssertionAnswer = z.infer<typeof AssertionAnswer>

/** A credential as browsers name it. */
export interface CredentialName {
  id: string
  transports: string[]
}

/** What a ceremony must have been about. */
export interface Expected {
  challenge: string
  site: Site
}

/** Options for `navigator.credentials.create`. The user's id comes back with each later use of the passkey. */
export function creationOptions({ challenge, site }: Expected, user: { id: string; username: string }, known: CredentialName[]) {
  return {
    challenge,
    rp: { id: site.rpId, name: RP_NAME },
    user: { id: Buffer.from(user.id).toString('base64url'), name: user.username, displayName: user.username },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
    timeout: CHALLENGE_MS,
    attestation: 'none',
    excludeCredentials: known.map(descriptor),
    // Discoverable, so that every passkey also signs in without name and password.
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'preferred' },
  }
}

/** Options for `navigator.credentials.get`. Without `allowed` the browser offers what it has for this site. */
export function requestOptions(
  { challenge, site }: Expected,
  { allowed, isVerified }: { allowed: CredentialName[] | null; isVerified: boolean },
) {
  return {
    challenge,
    rpId: site.rpId,
    timeout: CHALLENGE_MS,
    userVerification: isVerified ? 'required' : 'preferred',
    ...(allowed ? { allowCredentials: allowed.map(descriptor) } : {}),
  }
}

function descriptor({ id, transports }: CredentialName) {
  return { id, type: 'public-key', transports }
}
