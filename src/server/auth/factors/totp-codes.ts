/** Bytes of a new secret: as many as HMAC-SHA-1 gives (RFC 4226, section 4, R6). */
const SECRET_BYTES = 20
const STEP_SECONDS = 30
const ISSUER = 'AI Code UI'

/** Base32, as authenticator apps take it. */
export async function newTotpSecret(): Promise<string> {
  const { generateSecret } = await otplib()
  return generateSecret({ length: SECRET_BYTES })
}

/** What the QR code holds. `account` is what the app lists the code under, such as `ada@localhost`. */
export async function totpUri(secret: string, account: string): Promise<string> {
  const { generateURI } = await otplib()
  return generateURI({ issuer: ISSUER, label: account, secret })
}

/**
 * The 30-second step that a code belongs to (RFC 6238: SHA-1, six digits), one step before or after the present one
 * allowed for clocks that differ; null for a code of none of the three.
 */
export async function stepOfTotpCode(secret: string, code: string, at: Date): Promise<number | null> {
  const { verify } = await otplib()
  const epoch = Math.floor(at.getTime() / 1000)
  const result = await verify({ secret, token: code, epoch, period: STEP_SECONDS, epochTolerance: STEP_SECONDS })
  return result.valid ? Math.floor(epoch / STEP_SECONDS) + result.delta : null
}

/** Loaded with the first code: most starts never need it. */
function otplib() {
  return import('otplib')
}
