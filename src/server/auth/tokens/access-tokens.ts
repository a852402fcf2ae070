import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod/mini'
import { LoginId, UserId } from '#protocol/ids'
import { TokenExpiredError, UnauthorizedError } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'

const ISSUER = 'ai-code-ui'
const AUDIENCE = 'ai-code-ui-api'
const TYPE = 'at+jwt'
const ALGORITHM = 'HS256'
const CLOCK_SKEW_SECONDS = 30
/** Tokens whose signature was already checked, so that a request costs a look-up and not a hash. */
const MAX_VERIFIED = 2000

const Claims = z.object({ sub: UserId, sid: LoginId, exp: z.number(), iat: z.number() })

export interface AccessClaims {
  userId: UserId
  loginId: LoginId
}

/** Signs and checks access tokens: JWTs (RFC 9068) with `kid`, one algorithm, issuer, audience and expiry. */
export class AccessTokens {
  readonly #key: KeyObject
  /** Names the key in tokens; says nothing about it. */
  readonly keyId: string
  readonly #ttlSeconds: number
  readonly #clock: Clock
  readonly #verified = new Map<string, z.infer<typeof Claims>>()

  /** @param secret at least 32 bytes */
  constructor(secret: Buffer, ttlSeconds: number, clock: Clock) {
    this.#key = createSecretKey(secret)
    this.keyId = createHash('sha256').update('kid:').update(secret).digest('hex').slice(0, 16)
    this.#ttlSeconds = ttlSeconds
    this.#clock = clock
  }

  /** Seconds that a new token lives. */
  get ttlSeconds(): number {
    return this.#ttlSeconds
  }

  async issue({ userId, loginId }: AccessClaims): Promise<string> {
    const now = Math.floor(this.#clock.now().getTime() / 1000)
    return new SignJWT({ sid: loginId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.keyId })
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + this.#ttlSeconds)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .sign(this.#key)
  }

  /** @throws UnauthorizedError | TokenExpiredError */
  async verify(token: string): Promise<AccessClaims> {
    const claims = this.#verified.get(token) ?? (await this.#check(token))
    if (claims.exp + CLOCK_SKEW_SECONDS <= this.#clock.now().getTime() / 1000) {
      this.#verified.delete(token)
      throw new TokenExpiredError()
    }
    return { userId: claims.sub, loginId: claims.sid }
  }

  async #check(token: string): Promise<z.infer<typeof Claims>> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyFor(header.kid), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: this.#clock.now(),
      })
      const claims = Claims.parse(payload)
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
    if (keyId !== this.keyId) throw new UnauthorizedError()
    return this.#key
  }

  #remember(token: string, claims: z.infer<typeof Claims>): void {
    this.#verified.set(token, claims)
    if (this.#verified.size <= MAX_VERIFIED) return
    const oldest = this.#verified.keys().next()
    if (!oldest.done) this.#verified.delete(oldest.value)
  }
}
