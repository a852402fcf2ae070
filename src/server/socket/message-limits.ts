import type { ClientMessage } from '#protocol/messages'
import { DomainError } from '../platform/domain-error.ts'
import type { Clock } from '../platform/clock.ts'
import { RateLimiter } from '../platform/rate-limiter.ts'

interface Bucket {
  /** Messages at once. */
  capacity: number
  /** Messages that come back each second. */
  perSecond: number
}

/** What costs about the same, and is counted together. */
type MessageClass = 'prompts' | 'decisions' | 'interrupts' | 'subscriptions' | 'pings'

/** Every bound of a message on `/ws`, with its reason. */
export const MESSAGE_LIMITS = {
  /** Of all classes on one connection; over it the connection is closed with 4429. A page that follows 200 sessions sends 200 at once. */
  all: { capacity: 400, perSecond: 100 },
  /** KiB on one connection, closed with 4429: sixteen messages of the greatest size at once, and two of them each second. */
  kibibytes: { capacity: 16 * 1024, perSecond: 2 * 1024 },
  /** Brackets within brackets: a tool's input is a handful deep; reading deep ones takes stack. */
  depth: 32,
  /** Values, members and items of one message: the longest edit of a tool's input is some hundreds. */
  values: 20_000,
  /** Invalid messages of one connection before it is closed with 1008. */
  violations: 50,
  /** By class, of one connection and of one user over all connections; over it the message is answered with RATE_LIMITED. */
  classes: {
    /** Each may start an agent's process, the dearest thing there is. */
    prompts: { connection: { capacity: 60, perSecond: 2 }, user: { capacity: 120, perSecond: 4 } },
    /** A full queue of waiting calls is decided at once; then nobody reads ten a second. */
    decisions: { connection: { capacity: 200, perSecond: 10 }, user: { capacity: 400, perSecond: 20 } },
    /** One for each session that a page follows, and somebody in a hurry. */
    interrupts: { connection: { capacity: 200, perSecond: 5 }, user: { capacity: 400, perSecond: 10 } },
    /** Each reads the log; all pages of a user come back at once after a restart of the server. */
    subscriptions: { connection: { capacity: 400, perSecond: 40 }, user: { capacity: 4000, perSecond: 400 } },
    /** Nearly free. The user's share is wide: one client that floods and comes back must not silence the user's others. */
    pings: { connection: { capacity: 400, perSecond: 100 }, user: { capacity: 40_000, perSecond: 10_000 } },
  },
} as const satisfies {
  all: Bucket
  kibibytes: Bucket
  depth: number
  values: number
  violations: number
  classes: Record<MessageClass, { connection: Bucket; user: Bucket }>
}

const CLASS_OF: Readonly<Record<ClientMessage['type'], MessageClass>> = {
  'session-start': 'prompts',
  'session-prompt': 'prompts',
  'session-interrupt': 'interrupts',
  'session-subscribe': 'subscriptions',
  'session-unsubscribe': 'subscriptions',
  'claude-permission-response': 'decisions',
  'codex-permission-response': 'decisions',
  'permission-extend': 'decisions',
  ping: 'pings',
}

type Limiters = Readonly<Record<MessageClass, RateLimiter>>

/** The buckets of all users; one for the whole server. */
export class UserBudgets {
  readonly #clock: Clock
  readonly #limiters: Limiters

  constructor(clock: Clock) {
    this.#clock = clock
    this.#limiters = limitersOf(clock, 'user')
  }

  /** The budget of one connection of `userId`. */
  forConnection(userId: string): MessageBudget {
    return new MessageBudget(this.#clock, userId, this.#limiters)
  }
}

/** What one connection may still send. */
export class MessageBudget {
  readonly #all: RateLimiter
  readonly #kibibytes: RateLimiter
  readonly #own: Limiters
  readonly #ofUser: Limiters
  readonly #userId: string

  constructor(clock: Clock, userId: string, ofUser: Limiters) {
    this.#all = new RateLimiter({ clock, ...MESSAGE_LIMITS.all })
    this.#kibibytes = new RateLimiter({ clock, ...MESSAGE_LIMITS.kibibytes })
    this.#own = limitersOf(clock, 'connection')
    this.#ofUser = ofUser
    this.#userId = userId
  }

  /** Counts a message of so many UTF-16 units before it is read. @returns whether the connection floods */
  isFlooded(length: number): boolean {
    return this.#all.take('') > 0 || this.#kibibytes.take('', Math.ceil(length / 1024)) > 0
  }

  /** Counts a message that was read. @throws DomainError RATE_LIMITED with the seconds to wait */
  spend(type: ClientMessage['type']): void {
    const name = CLASS_OF[type]
    // A message that the connection may not send costs its user's other connections nothing.
    const wait = this.#own[name].take('') || this.#ofUser[name].take(this.#userId)
    if (wait === 0) return
    throw new DomainError('RATE_LIMITED', `Too many ${name} in a short time. Try again in ${String(wait)} s.`, {
      retryAfter: wait,
      details: { retryAfter: wait },
    })
  }
}

function limitersOf(clock: Clock, whose: 'connection' | 'user'): Limiters {
  const limiter = (name: MessageClass) => new RateLimiter({ clock, ...MESSAGE_LIMITS.classes[name][whose] })
  return {
    prompts: limiter('prompts'),
    decisions: limiter('decisions'),
    interrupts: limiter('interrupts'),
    subscriptions: limiter('subscriptions'),
    pings: limiter('pings'),
  }
}
