import type { UserId } from '#protocol/ids'
import type { AppDeps } from './app-deps.ts'
import { createAuth } from './auth/auth.ts'
import type { Principal } from './http/principal.ts'
import type { EventBus } from './platform/event-bus.ts'

/** What accounts need of other features. */
export interface AuthNeeds {
  endAgents: (userId: UserId) => Promise<void>
  addProject: (path: string, principal: Principal) => Promise<void>
}

/** Accounts, logins and their keys, as the configuration says. */
export function joinAuth(deps: AppDeps, bus: EventBus, { endAgents, addProject }: AuthNeeds) {
  const { config, database, clock } = deps
  return createAuth({
    database,
    clock,
    bus,
    jwtKeys: deps.jwtKeys,
    refreshKey: deps.refreshKey,
    installationId: deps.installationId,
    basePath: config.basePath,
    accessTtlSeconds: config.accessTokenTtlSeconds,
    refreshTtlSeconds: config.refreshTokenTtlSeconds,
    bcryptRounds: config.bcryptRounds,
    passwordPolicy: config.passwordPolicy,
    dataDirectory: config.dataDirectory,
    configuredSetupCode: config.setupCode,
    demo: config.demo,
    platform: config.platformMode ? { host: config.host } : null,
    endAgents,
    onFirstAccount: async (principal) => {
      await deps.onFirstAccount?.(principal, (path) => addProject(path, principal))
    },
  })
}
