import type { Kysely } from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository } from '../auth-repository.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import { AccessTokens } from '../tokens/access-tokens.ts'
import type { JwtKeys } from '../tokens/key-ring.ts'
import { AuthCookies } from './auth-cookies.ts'
import { LoginHousekeeping } from './login-housekeeping.ts'
import { LoginRegistry } from './login-registry.ts'
import { LoginService } from './login-service.ts'
import { Notices } from './notices.ts'
import { RefreshService } from './refresh-service.ts'

export interface LoginsDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  jwtKeys: JwtKeys
  /** 32 bytes; the next refresh token is derived with it. */
  refreshKey: Buffer
  /** Names this installation's cookies. */
  installationId: string
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  accessTtlSeconds: number
  refreshTtlSeconds: number
}

/** What devices that are signed in consist of. */
export function createLogins({ database, clock, bus, devices, ...deps }: LoginsDeps & { devices: TrustedDevices }) {
  const tokens = new AccessTokens(deps.jwtKeys, deps.accessTtlSeconds, clock)
  const cookies = new AuthCookies({
    instance: deps.installationId,
    basePath: deps.basePath,
    maxAgeSeconds: deps.refreshTtlSeconds,
    devices,
  })
  const registry = new LoginRegistry({ repository: new AuthRepository(database), clock, bus })
  const notices = new Notices({ database, clock, bus })
  const logins = new LoginService({ database, clock, bus, tokens, notices, refreshTtlSeconds: deps.refreshTtlSeconds })
  const refreshes = new RefreshService({ database, clock, bus, tokens, registry, notices, refreshKey: deps.refreshKey })
  const housekeeping = new LoginHousekeeping({ database, clock })
  return { tokens, cookies, registry, notices, logins, refreshes, housekeeping }
}
