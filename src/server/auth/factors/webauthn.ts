import * as z from 'zod/mini'
import type { Site } from '../client.ts'

/*
 * The library behind passkeys, and what it is given. Attestation is not asked for: which make of authenticator somebody
 * uses is no concern of this product, and its certificates would have to be fetched.
 */

/** COSE algorithms: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257]
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

/** A credential as the library and browsers name it. */
export interface CredentialName {
  id: string
  transports: string[]
}

/** What a ceremony must have been about. */
export interface Expected {
  challenge: string
  site: Site
}

/** Options for `navigator.credentials.create`. `userHandle` comes back with each later use of the passkey. */
export async function creationOptions(
  { challenge, site }: Expected,
  { userHandle, username, known, timeoutMs }: { userHandle: string; username: string; known: CredentialName[]; timeoutMs: number },
): Promise<Record<string, unknown>> {
  const { generateRegistrationOptions } = await library()
  const options = await generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: site.rpId,
    userName: username,
    userDisplayName: username,
    userID: new TextEncoder().encode(userHandle),
    challenge: bytesOf(challenge),
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: known,
    // Discoverable, so that every passkey also signs in without name and password.
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return { ...options }
}

/** Options for `navigator.credentials.get`. Without `allowed` the browser offers what it has for this site. */
export async function requestOptions(
  { challenge, site }: Expected,
  { allowed, isVerified, timeoutMs }: { allowed: CredentialName[] | null; isVerified: boolean; timeoutMs: number },
): Promise<Record<string, unknown>> {
  const { generateAuthenticationOptions } = await library()
  const options = await generateAuthenticationOptions({
    rpID: site.rpId,
    challenge: bytesOf(challenge),
    timeout: timeoutMs,
    userVerification: isVerified ? 'required' : 'preferred',
    ...(allowed ? { allowCredentials: allowed } : {}),
  })
  return { ...options }
}

/** @throws Error that says what does not fit, from the library */
export async function verifyCreation(answer: CreationAnswer, { challenge, site }: Expected) {
  await refuseAttestation(answer)
  const { verifyRegistrationResponse } = await library()
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { ...answer, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    requireUserVerification: false,
    supportedAlgorithmIDs: ALGORITHMS,
  })
  if (!registrationInfo) throw new Error('The attestation does not verify.')
  const { credential, credentialBackedUp } = registrationInfo
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    backedUp: credentialBackedUp,
  }
}

/**
 * Checks everything but the signature counter, which is the caller's: it must be compared and stored in one step.
 * @throws Error that says what does not fit, from the library
 */
export async function verifyAssertion(
  { response, ...envelope }: AssertionAnswer,
  { challenge, site }: Expected,
  { publicKey, isVerified }: { publicKey: string; isVerified: boolean },
): Promise<{ counter: number; backedUp: boolean }> {
  const { verifyAuthenticationResponse } = await library()
  const { clientDataJSON, authenticatorData, signature } = response
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...envelope, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential: { id: envelope.id, publicKey: bytesOf(publicKey), counter: 0 },
    requireUserVerification: isVerified,
  })
  if (!verified) throw new Error('The signature does not verify.')
  return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
}

/** An attestation that was not asked for is refused unread: checking one can mean fetching what its certificates name. */
async function refuseAttestation({ response }: CreationAnswer): Promise<void> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  const attestation = decodeAttestationObject(bytesOf(response.attestationObject))
  const isSelfMade = attestation.get('fmt') === 'packed' && attestation.get('attStmt').get('x5c') === undefined
  if (attestation.get('fmt') !== 'none' && !isSelfMade) throw new Error('An attestation was sent that was not asked for.')
}

/** Loaded with the first ceremony: most starts never need it. */
function library() {
  return import('@simplewebauthn/server')
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}
