import type { Clock } from './clock.ts'

/**
 * Token buckets by key, refilled evenly, bounded in number: at the bound, full buckets (which say nothing) go first.
 * `capacity` tokens at most, `perSecond` tokens come back each second.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>()
  readonly #clock: Clock
  readonly #capacity: number
  readonly #perSecond: number
  readonly #maxKeys: number

  constructor(options: { clock: Clock; capacity: number; perSecond: number; maxKeys?: number }) {
    this.#clock = options.clock
    this.#capacity = options.capacity
    this.#perSecond = options.perSecond
    this.#maxKeys = options.maxKeys ?? 10_000
  }

  /** Takes `cost` tokens of `key`. Returns 0 when there were as many, else the seconds until there are. */
  take(key: string, cost = 1): number {
    const now = this.#clock.now().getTime()
    const bucket = this.#buckets.get(key)
    const tokens = bucket ? Math.min(this.#capacity, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond) : this.#capacity
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: tokens >= cost ? tokens - cost : tokens, at: now })
    if (this.#buckets.size > this.#maxKeys) this.#evict()
    return tokens >= cost ? 0 : Math.ceil((cost - tokens) / this.#perSecond)
  }

  /** Tokens of `key` after its last {@link take}; a fraction may be among them. */
  left(key: string): number {
    return this.#buckets.get(key)?.tokens ?? this.#capacity
  }

  /** Returns a token that turned out not to have been needed. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.tokens = Math.min(this.#capacity, bucket.tokens + 1)
  }

  /** Forgets what `key` has used, as after a success. */
  reset(key: string): void {
    this.#buckets.delete(key)
  }

  #evict(): void {
    const oldest = this.#buckets.keys().next()
    if (!oldest.done) this.#buckets.delete(oldest.value)
  }
}
