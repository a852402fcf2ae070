import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import type { CreationAnswer, Expected } from './ceremonies.ts'

/* To be imported when it is needed: the library is large. */

/**
 * The credential that was made (W3C Web Authentication, section 7.1).
 * @throws Error that says what does not fit, from the library
 */
export async function checkCreation(answer: CreationAnswer, { challenge, site }: Expected, algorithms: number[]) {
  refuseAttestation(answer)
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { ...answer, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    requireUserVerification: false,
    supportedAlgorithmIDs: algorithms,
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

/** An attestation that was not asked for is refused unread: checking one can mean fetching what its certificates name. */
function refuseAttestation({ response }: CreationAnswer): void {
  const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(response.attestationObject, 'base64url')))
  const isSelfMade = attestation.get('fmt') === 'packed' && attestation.get('attStmt').get('x5c') === undefined
  if (attestation.get('fmt') !== 'none' && !isSelfMade) throw new Error('An attestation was sent that was not asked for.')
}
