import type { RequestListener, Server } from 'node:http'
import type { JwtKeys } from './auth/tokens/key-ring.ts'
import type { Config } from './config.ts'
import type { HostFacts } from './doctor/examine-self.ts'
import type { Principal } from './http/principal.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import type { Logger } from './platform/logger.ts'
import type { Provider } from './providers/provider.ts'

/** What the app is built of. */
export interface AppDeps {
  config: Config
  database: Database
  logger: Logger
  clock: Clock
  /** The access tokens' keys. */
  jwtKeys: JwtKeys
  /** 32 bytes; refresh tokens are derived with it. */
  refreshKey: Buffer
  /** What tells this installation from others on the same host: letters and digits. */
  installationId: string
  providers: Provider[]
  /** The built web app. */
  webDirectory: string
  version: string
  /** How this server was started, for doctor. */
  host: HostFacts
  /** Gives the server that listens already; without it one is made that listens later. */
  serverFactory?: (serve: RequestListener) => Server
  /** Called with the first account, once. */
  onFirstAccount?: (principal: Principal, addProject: (path: string) => Promise<void>) => Promise<void>
}
