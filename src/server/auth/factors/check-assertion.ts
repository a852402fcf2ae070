import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { AssertionAnswer, Expected } from './ceremonies.ts'

/* To be imported when it is needed: the library is large. */

/**
 * Checks all of W3C Web Authentication, section 7.2, but the signature counter, which is the caller's: it must be compared
 * and stored in one step.
 * @throws Error that says what does not fit, from the library
 */
export async function checkAssertion(
  { response, ...envelope }: AssertionAnswer,
  { challenge, site }: Expected,
  { publicKey, isVerified }: { publicKey: string; isVerified: boolean },
): Promise<{ counter: number; backedUp: boolean }> {
  const { clientDataJSON, authenticatorData, signature } = response
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...envelope, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential: { id: envelope.id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
    requireUserVerification: isVerified,
  })
  if (!verified) throw new Error('The signature does not verify.')
  return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
}
