import type { KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod/mini'
import { LoginId, UserId } from '#protocol/ids'
import { TokenExpiredError, UnauthorizedError } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'
import { CLOCK_SKEW_SECONDS, type JwtKeys } from './key-ring.ts'

const ISSUER = 'ai-code-ui'
const AUDIENCE = 'ai-code-ui-api'
const TYPE = 'at+jwt'
const ALGORITHM = 'HS256'
/** Ours have some 350 characters. Longer ones are refused before anything of them is decoded. */
const MAX_LENGTH = 4096
/** Tokens whose signature was already checked, so that a request costs a look-up and not a hash. */
const MAX_VERIFIED = 2000

const Claims = z.object({ sub: UserId, sid: LoginId, exp: z.int(), iat: z.int() })

interface Verified extends z.infer<typeof Claims> {
  kid: string
}

export interface AccessClaims {
  userId: UserId
  loginId: LoginId
}

/** Signs and checks access tokens: JWTs (RFC 9068) with `kid`, one algorithm, issuer, audience and expiry. */
export class AccessTokens {
  readonly #keys: JwtKeys
  readonly #ttlSeconds: number
  readonly #clock: Clock
  readonly #verified = new Map<string, Verified>()

  constructor(keys: JwtKeys, ttlSeconds: number, clock: Clock) {
    this.#keys = keys
    this.#ttlSeconds = ttlSeconds
    this.#clock = clock
  }

  /** Seconds that a new token lives. */
  get ttlSeconds(): number {
    return this.#ttlSeconds
  }

  async issue({ userId, loginId }: AccessClaims): Promise<string> {
    const now = Math.floor(this.#clock.now().getTime() / 1000)
    const { kid, key } = this.#keys.signing()
    return new SignJWT({ sid: loginId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + this.#ttlSeconds)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .sign(key)
  }

  /** @throws UnauthorizedError | TokenExpiredError */
  async verify(token: string): Promise<AccessClaims> {
    const claims = this.#recall(token) ?? (await this.#check(token))
    if (claims.exp + CLOCK_SKEW_SECONDS <= this.#clock.now().getTime() / 1000) {
      this.#verified.delete(token)
      throw new TokenExpiredError()
    }
    return { userId: claims.sub, loginId: claims.sid }
  }

  /** What was verified before, unless its key verifies no more. */
  #recall(token: string): Verified | undefined {
    const verified = this.#verified.get(token)
    if (!verified || this.#keys.verifying(verified.kid)) return verified
    this.#verified.delete(token)
    return undefined
  }

  async #check(token: string): Promise<Verified> {
    try {
      if (token.length > MAX_LENGTH) throw new UnauthorizedError()
      const { payload, protectedHeader } = await jwtVerify(token, (header) => this.#keyFor(header.kid), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: this.#clock.now(),
      })
      const claims = { ...Claims.parse(payload), kid: protectedHeader.kid ?? '' }
      // Not from us: the library looks at this one only when it is given an age to compare it with.
      if (claims.iat - CLOCK_SKEW_SECONDS > this.#clock.now().getTime() / 1000) throw new UnauthorizedError()
      this.#remember(token, claims)
      return claims
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenExpiredError()
      throw new UnauthorizedError('The access token is not valid. Sign in again.')
    }
  }

  /** Only our own ring is asked; whatever else the header names (jku, jwk, x5u) is never looked at. */
  #keyFor(keyId: string | undefined): KeyObject {
    const key = typeof keyId === 'string' ? this.#keys.verifying(keyId) : null
    if (!key) throw new UnauthorizedError()
    return key
  }

  #remember(token: string, claims: Verified): void {
    this.#verified.set(token, claims)
    if (this.#verified.size <= MAX_VERIFIED) return
    const oldest = this.#verified.keys().next()
    if (!oldest.done) this.#verified.delete(oldest.value)
  }
}
