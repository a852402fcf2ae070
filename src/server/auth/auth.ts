import type { Kysely } from 'kysely'
import type { Principal } from '../http/principal.ts'
import type { Router } from '../http/route.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import { RateLimiter } from '../platform/rate-limiter.ts'
import type { Tables } from '../platform/schema.ts'
import { AccessTokens } from './access-tokens.ts'
import { AuthCookies } from './auth-cookies.ts'
import { AuthRepository } from './auth-repository.ts'
import { registerAuthRoutes } from './auth-routes.ts'
import { AuthService } from './auth-service.ts'
import { LoginRegistry } from './login-registry.ts'
import { PasswordHasher } from './password-hasher.ts'
import { SetupCode } from './setup-code.ts'

export interface AuthDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  /** At least 32 bytes. */
  jwtSecret: Buffer
  accessTtlSeconds: number
  refreshTtlSeconds: number
  bcryptRounds: number
  dataDirectory: string
  configuredSetupCode: string | null
  demo: boolean
  /** Called with whoever made the first account, before the answer goes out. */
  onFirstAccount: (principal: Principal) => Promise<void>
}

/** All that the rest of the server may know of accounts. */
export function createAuth(deps: AuthDeps) {
  const { database, clock, bus } = deps
  const setupCode = new SetupCode(deps.dataDirectory, deps.configuredSetupCode)
  const tokens = new AccessTokens(deps.jwtSecret, deps.accessTtlSeconds, clock)
  const cookies = new AuthCookies(tokens.keyId.slice(0, 8), deps.refreshTtlSeconds)
  const service = new AuthService({
    database,
    clock,
    bus,
    setupCode,
    onFirstAccount: deps.onFirstAccount,
    tokens,
    logins: new LoginRegistry({ repository: new AuthRepository(database), clock, bus }),
    hasher: new PasswordHasher(deps.bcryptRounds),
    refreshTtlSeconds: deps.refreshTtlSeconds,
    attempts: {
      byAddress: new RateLimiter({ clock, capacity: 20, perSecond: 0.2 }),
      byAccount: new RateLimiter({ clock, capacity: 10, perSecond: 0.1 }),
    },
  })
  return {
    service,
    /** Name of the cookie that tells a browser that was signed in from one that was not. */
    markerCookie: cookies.markerName,
    /** The setup code to print, while there is no account. */
    pendingSetupCode: async (): Promise<string | null> => ((await service.needsSetup()) ? setupCode.current() : null),
    registerRoutes: (router: Router) => {
      registerAuthRoutes(router, service, { cookies, demo: deps.demo })
    },
  }
}
