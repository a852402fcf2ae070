import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import { derivedKeyId, newEntry, type RingEntry, RingFile } from './ring-file.ts'

/** How far the clocks of two machines may differ, in seconds. */
export const CLOCK_SKEW_SECONDS = 30
/** ACCESS_TOKEN_TTL can be no longer: beyond this a retired key verifies nothing, whatever the server's setting is. */
const LONGEST_TTL_SECONDS = 86_400
/** How often the file is looked at, so that a rotation on the host needs no restart. */
const LOOK_EVERY_MS = 1000

export interface SigningKey {
  kid: string
  key: KeyObject
}

/** The keys of the access tokens (RFC 7517, section 4.5: `kid` picks among them while keys roll over). */
export interface JwtKeys {
  signing: () => SigningKey
  /** The key of that name while it verifies; null for any other name. */
  verifying: (kid: string) => KeyObject | null
}

/** One key for ever, as where JWT_SECRET is set: changed by hand only. */
export function fixedKeys(secret: Buffer): JwtKeys {
  const only: SigningKey = { kid: derivedKeyId(secret), key: createSecretKey(secret) }
  return { signing: () => only, verifying: (kid) => (kid === only.kid ? only.key : null) }
}

export interface KeyRingOptions {
  dataDirectory: string
  accessTtlSeconds: number
  clock: Clock
  /** Called with the name of a key when it begins to sign. */
  onChange: (kid: string) => void
  /** Called when the file was changed and cannot be used: the keys from before stay in force. */
  onProblem: (error: unknown) => void
}

interface RingKey extends SigningKey {
  /** Milliseconds of the epoch until which it verifies; null for the one that signs. */
  verifiesUntil: number | null
}

/**
 * The ring in the data folder. One key signs; those that signed before verify until the last token of theirs has expired,
 * and are removed then. Notices by itself when the file is replaced.
 */
export class KeyRing implements JwtKeys {
  readonly #options: KeyRingOptions
  readonly #file: RingFile
  readonly #timer: NodeJS.Timeout
  #signature: string | null
  #keys: ReadonlyMap<string, RingKey>
  #signing: SigningKey

  /** @throws KeyRingDamagedError | KeyDamagedError */
  constructor(options: KeyRingOptions) {
    this.#options = options
    this.#file = new RingFile(options.dataDirectory)
    const entries = this.#file.readOrMake(options.clock.now())
    this.#signature = this.#file.signature()
    const { keys, signing } = this.#import(entries)
    this.#keys = keys
    this.#signing = signing
    this.#timer = setInterval(() => {
      this.look()
    }, LOOK_EVERY_MS)
    this.#timer.unref()
    this.#removeExpired()
  }

  signing(): SigningKey {
    return this.#signing
  }

  verifying(kid: string): KeyObject | null {
    const found = this.#keys.get(kid)
    return found && !this.#hasExpired(found) ? found.key : null
  }

  /** Takes over what changed in the file; called each second. A file that cannot be used changes nothing. */
  look(): void {
    try {
      const signature = this.#file.signature()
      if (signature !== this.#signature) {
        this.#signature = signature
        this.#reload()
      }
      this.#removeExpired()
    } catch (error) {
      this.#options.onProblem(error)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #reload(): void {
    const entries = this.#file.read()
    if (entries === null) throw new Error('The key ring is gone.')
    const { keys, signing } = this.#import(entries)
    if (signing.kid !== this.#signing.kid) this.#options.onChange(signing.kid)
    this.#keys = keys
    this.#signing = signing
  }

  #import(entries: RingEntry[]): { keys: ReadonlyMap<string, RingKey>; signing: SigningKey } {
    const keys = entries.map(({ kid, secret, retiredAt }) => {
      const verifiesUntil = retiredAt === null ? null : endOf(retiredAt, this.#options.accessTtlSeconds)
      return { kid, key: createSecretKey(secret, 'hex'), verifiesUntil }
    })
    const signing = keys.find(({ verifiesUntil }) => verifiesUntil === null)
    if (!signing) throw new Error('No key of the ring signs.')
    return { keys: new Map(keys.map((key) => [key.kid, key])), signing }
  }

  #removeExpired(): void {
    const { clock, accessTtlSeconds } = this.#options
    if (![...this.#keys.values()].some((key) => this.#hasExpired(key))) return
    const now = clock.now()
    const kept = this.#file.change((entries) => entries.filter((entry) => !isOver(entry, accessTtlSeconds, now)), now)
    this.#signature = this.#file.signature()
    this.#keys = this.#import(kept).keys
  }

  #hasExpired({ verifiesUntil }: RingKey): boolean {
    return verifiesUntil !== null && verifiesUntil <= this.#options.clock.now().getTime()
  }
}

/** There is no key yet, so the data folder is not the one that was meant. */
export class NoKeyRingError extends DomainError {
  constructor(dataDirectory: string) {
    super('NOT_FOUND', `The data folder ${dataDirectory} holds no key to rotate. Start the server once, or name the right --data-dir.`)
  }
}

/**
 * Makes a new key that signs from now on; the one that did goes on verifying until its tokens have expired.
 * @throws NoKeyRingError | KeyRingDamagedError | KeyDamagedError
 */
export function rotateJwtKey(dataDirectory: string, now: Date): { kid: string; retiredKid: string } {
  const file = new RingFile(dataDirectory)
  if (!file.isThere()) throw new NoKeyRingError(dataDirectory)
  const next = newEntry(now)
  let retiredKid = ''
  file.change((entries) => {
    const kept = entries.filter((entry) => !isOver(entry, LONGEST_TTL_SECONDS, now))
    const retired = kept.map((entry) => {
      if (entry.retiredAt !== null) return entry
      retiredKid = entry.kid
      return { ...entry, retiredAt: now.toISOString() }
    })
    return [...retired, next]
  }, now)
  return { kid: next.kid, retiredKid }
}

function isOver({ retiredAt }: RingEntry, ttlSeconds: number, now: Date): boolean {
  return retiredAt !== null && endOf(retiredAt, ttlSeconds) <= now.getTime()
}

function endOf(retiredAt: string, ttlSeconds: number): number {
  return Date.parse(retiredAt) + (ttlSeconds + CLOCK_SKEW_SECONDS) * 1000
}
