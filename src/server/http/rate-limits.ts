import type { FastifyReply } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Logger } from '../platform/logger.ts'
import { networkOf } from '../platform/network-of.ts'
import { RATE_CLASSES, type RateClass, type RateOverrides, USERS_PER_ADDRESS } from '../platform/rate-classes.ts'
import { RateLimiter } from '../platform/rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** As the permission table says; `anonymous` unless given. */
    rateClass?: RateClass
  }
}

const WINDOW_SECONDS = 60
/** Buckets of a class: a few MiB, and more addresses than one attacker has networks. */
const MAX_KEYS = 20_000
/** Classes whose routes nobody is signed in for. */
const WITHOUT_USER: ReadonlySet<RateClass> = new Set(['sign-in', 'anonymous', 'reports'])

/** One class for one kind of key. */
interface Budget {
  limiter: RateLimiter
  /** As in `"reading";q=6000;w=60`. */
  policy: string
  /** The policy's name alone, quoted. */
  name: string
  perMinute: number
}

type Budgets = Readonly<Record<RateClass, Budget>>

export interface RateLimitsOptions {
  clock: Clock
  logger: Logger
  overrides: RateOverrides
}

/**
 * How many requests one address and one user may make, by class: token buckets that hold a minute's worth. Tells what is
 * left with every answer (draft-ietf-httpapi-ratelimit-headers-10). A request costs the same however many keys there are.
 */
export class RateLimits {
  readonly #addresses: Budgets
  readonly #users: Budgets
  readonly #told: RateLimiter
  readonly #logger: Logger

  constructor({ clock, logger, overrides }: RateLimitsOptions) {
    const perMinute = { ...RATE_CLASSES, ...overrides }
    this.#addresses = budgets(clock, (name) => ({
      name: WITHOUT_USER.has(name) ? name : `${name}-address`,
      perMinute: perMinute[name] * (WITHOUT_USER.has(name) ? 1 : USERS_PER_ADDRESS),
    }))
    this.#users = budgets(clock, (name) => ({ name, perMinute: perMinute[name] }))
    // A line for each refusal would let a flood fill the disk.
    this.#told = new RateLimiter({ clock, capacity: 1, perSecond: 1 / 60, maxKeys: 1000 })
    this.#logger = logger
  }

  /** Before anything is known of who asks. @param address as a trusted proxy says, else the peer's @throws DomainError RATE_LIMITED */
  spendOfAddress(rateClass: RateClass, address: string, reply: FastifyReply): void {
    this.#spend(this.#addresses[rateClass], networkOf(address), reply)
  }

  /** Once it is known who asks. @throws DomainError RATE_LIMITED */
  spendOfUser(rateClass: RateClass, userId: string, reply: FastifyReply): void {
    this.#spend(this.#users[rateClass], userId, reply)
  }

  #spend({ limiter, policy, name, perMinute }: Budget, key: string, reply: FastifyReply): void {
    const wait = limiter.take(key)
    const left = limiter.left(key)
    const untilFull = Math.ceil(((perMinute - left) * WINDOW_SECONDS) / perMinute)
    reply.header('ratelimit-policy', policy).header('ratelimit', `${name};r=${String(Math.floor(left))};t=${String(wait || untilFull)}`)
    if (wait === 0) return
    if (this.#told.take(`${name} ${key}`) === 0) this.#logger.warn({ limit: name, of: key }, 'too many requests are refused')
    throw new DomainError('RATE_LIMITED', `Too many requests came in a short time. Try again in ${String(wait)} s.`, {
      retryAfter: wait,
      details: { retryAfter: wait },
    })
  }
}

function budgets(clock: Clock, describe: (rateClass: RateClass) => { name: string; perMinute: number }): Budgets {
  const budget = (rateClass: RateClass): Budget => {
    const { name, perMinute } = describe(rateClass)
    const limiter = new RateLimiter({ clock, capacity: perMinute, perSecond: perMinute / WINDOW_SECONDS, maxKeys: MAX_KEYS })
    return { limiter, perMinute, name: `"${name}"`, policy: `"${name}";q=${String(perMinute)};w=${String(WINDOW_SECONDS)}` }
  }
  return {
    reading: budget('reading'),
    writing: budget('writing'),
    'sign-in': budget('sign-in'),
    costly: budget('costly'),
    uploads: budget('uploads'),
    anonymous: budget('anonymous'),
    reports: budget('reports'),
  }
}
