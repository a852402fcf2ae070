import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import { networkOf } from '../platform/network-of.ts'
import { RateLimiter } from '../platform/rate-limiter.ts'
import { authenticate, type Verifiers } from './authentication.ts'
import { UnauthorizedError } from './principal.ts'

/** What a supervisor asks: whether the process lives and can serve. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(['/api/health', '/api/ready'])

/** Tells screens, which have no other way to know, what to ask the person for. */
const DETAILS = { needs: 'api-key' }

export interface ApiKeyGateOptions {
  /** The installation's `API_KEY`. */
  apiKey: string
  clock: Clock
  /** Called for each wrong key that is looked at, so that it can be written down. */
  onWrongKey: (address: string) => Promise<void>
}

/** What somebody brings to the gate. */
export interface GateVisit {
  /** The `X-API-Key` header. */
  given: string | string[] | undefined
  address: string
  /** Whether the request carries a valid sign-in of its own; asked only where the address has tried too often. */
  isSignedIn: () => Promise<boolean>
}

/**
 * The one key of the installation (`API_KEY`), in front of everything: a request without it reaches no route, whoever
 * makes it. Keys are compared by their hashes with a comparison that takes the same time wherever they differ (ASVS 11.2.4).
 */
export class ApiKeyGate {
  readonly #expected: Buffer
  readonly #tries: RateLimiter
  readonly #onWrongKey: ApiKeyGateOptions['onWrongKey']

  constructor({ apiKey, clock, onWrongKey }: ApiKeyGateOptions) {
    this.#expected = digest(apiKey)
    this.#tries = new RateLimiter({ clock, capacity: 20, perSecond: 0.2 })
    this.#onWrongKey = onWrongKey
  }

  /**
   * Lets the right key pass. An address that tried too many wrong ones waits before another is looked at, unless somebody
   * there is signed in: a stranger behind the same address must not lock them out.
   * @throws UnauthorizedError | DomainError RATE_LIMITED
   */
  async check({ given, address, isSignedIn }: GateVisit): Promise<void> {
    if (typeof given !== 'string' || given === '')
      throw new UnauthorizedError('This server wants its API key with every request, in the header X-API-Key.', DETAILS)
    const network = networkOf(address)
    const waitSeconds = this.#tries.take(network)
    if (waitSeconds > 0 && !(await isSignedIn())) throw tooManyTries(waitSeconds)
    if (!timingSafeEqual(digest(given), this.#expected)) {
      if (waitSeconds > 0) throw tooManyTries(waitSeconds)
      await this.#onWrongKey(address)
      throw new UnauthorizedError('The API key in X-API-Key is not the one of this server.', DETAILS)
    }
    if (waitSeconds === 0) this.#tries.giveBack(network)
  }
}

/** Puts the gate in front of every route below `/api`, told by the route that was found, since an address can be written in many ways. */
export function registerApiKeyGate(app: FastifyInstance, gate: ApiKeyGate, verifiers: Verifiers): void {
  app.addHook('onRequest', async (request) => {
    const { url: route = '' } = request.routeOptions
    const isOfApi = route.startsWith('/api') || request.url.startsWith('/api')
    if (!isOfApi || OPEN_ROUTES.has(route)) return
    await gate.check({
      given: request.headers['x-api-key'],
      address: request.ip,
      isSignedIn: () => succeeds(authenticate(request, { ...verifiers, platform: null })),
    })
  })
}

/** Whether a promise is kept, for questions whose failure is an answer. */
export function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  )
}

function tooManyTries(seconds: number): DomainError {
  return new DomainError('RATE_LIMITED', `Too many wrong API keys came from this address. Try again in ${String(seconds)} seconds.`, {
    retryAfter: seconds,
    details: { ...DETAILS, retryAfter: seconds },
  })
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
