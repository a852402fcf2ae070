import type { User } from '#protocol/auth'
import type { UserId } from '#protocol/ids'
import type { Verifiers } from '../http/authentication.ts'
import { type Principal, UnauthorizedError } from '../http/principal.ts'
import type { Router } from '../http/route.ts'
import { ApiKeyRegistry } from './api-keys/api-key-registry.ts'
import { registerApiKeyRoutes } from './api-keys/api-key-routes.ts'
import { ApiKeyService } from './api-keys/api-key-service.ts'
import { createFactors } from './factors/factors.ts'
import { createLogins, type LoginsDeps } from './logins/create-logins.ts'
import type { LoginRegistry } from './logins/login-registry.ts'
import { registerLoginRoutes } from './logins/login-routes.ts'
import { registerRefreshRoute } from './logins/refresh-route.ts'
import { SocketTickets } from './logins/socket-tickets.ts'
import { PasswordChange } from './passwords/password-change.ts'
import { registerPasswordRoutes } from './passwords/password-routes.ts'
import type { PasswordPolicy } from './passwords/password-rules.ts'
import { Principals } from './principals.ts'
import { Passwords } from './passwords/passwords.ts'
import { PasskeySignIn } from './sign-in/passkey-sign-in.ts'
import { registerPasskeySignInRoutes } from './sign-in/passkey-sign-in-routes.ts'
import { PlatformMode } from './platform/platform-mode.ts'
import { SetupCode } from './sign-in/setup-code.ts'
import { registerSignInRoutes } from './sign-in/sign-in-routes.ts'
import { SignInService } from './sign-in/sign-in-service.ts'
import { LoginThrottle } from './throttle/login-throttle.ts'
import { TrustedDevices } from './throttle/trusted-devices.ts'
import type { AccessTokens } from './tokens/access-tokens.ts'
import { registerInvitationRoutes } from './users/invitation-routes.ts'
import { InvitationService } from './users/invitation-service.ts'
import { registerUserRoutes } from './users/user-routes.ts'
import { UserService } from './users/user-service.ts'

export interface AuthDeps extends LoginsDeps {
  bcryptRounds: number
  passwordPolicy: PasswordPolicy
  dataDirectory: string
  configuredSetupCode: string | null
  demo: boolean
  /** In platform mode: where the server listens. Null where people sign in. */
  platform: { host: string } | null
  /** Called with whoever made the first account, before the answer goes out. */
  onFirstAccount: (principal: Principal) => Promise<void>
  /** Ends the agents of somebody who may not have any now. */
  endAgents: (userId: UserId) => Promise<void>
}

/** All that the rest of the server may know of accounts. */
export function createAuth(deps: AuthDeps) {
  const { database, clock, bus } = deps
  const shared = { database, clock, bus }
  const setupCode = new SetupCode(deps.dataDirectory, deps.configuredSetupCode)
  const devices = new TrustedDevices({ database, clock })
  const { tokens, cookies, registry, notices, logins, refreshes, housekeeping } = createLogins({ ...deps, devices })
  const { verifiers, principals, platform } = createAccess(deps, tokens, registry)
  const tickets = new SocketTickets({ database, clock, principals })
  const passwords = new Passwords({ database, bcryptRounds: deps.bcryptRounds, policy: deps.passwordPolicy })
  const throttle = new LoginThrottle({ database, clock, devices })
  const second = createFactors({ ...shared, notices, passwords, throttle })
  const passkeySignIn = new PasskeySignIn({ database, clock, passkeys: second.passkeyCheck, logins, throttle, notices })
  const signIn = new SignInService({
    ...shared,
    registry,
    logins,
    setupCode,
    onFirstAccount: deps.onFirstAccount,
    notices,
    passwords,
    throttle,
    factors: second.factors,
  })
  const users = new UserService({ database, clock, bus, endAgents: deps.endAgents })
  const invitations = new InvitationService({ database, clock, logins, passwords, throttle })
  return {
    verifiers,
    redeemTicket: (ticket: string) => tickets.redeem(ticket),
    /** Who the credential of a principal makes them now. @throws UnauthorizedError when its access has ended */
    recheck: ({ credential }: Principal) => principals.of(credential),
    /** Name of the cookie that tells a browser that was signed in from one that was not. */
    markerCookie: cookies.markerName,
    /** To be called before anything is served. @throws DomainError CONFLICT where platform mode finds nobody whom it could serve as */
    async start(): Promise<void> {
      const made = await platform?.start()
      if (made) await deps.onFirstAccount(made)
    },
    /** The setup code to print, while there is no account and one is needed. */
    pendingSetupCode: async (): Promise<string | null> => (platform === null && (await signIn.needsSetup()) ? setupCode.current() : null),
    /** In platform mode: who serves all requests. */
    platformUser: async (): Promise<User | null> => (platform ? (await platform.principal()).user : null),
    /** Whether the user's account lets their agents work. */
    mayHaveAgents: (userId: UserId) => users.mayHaveAgents(userId),
    /** Removes what is of no use any more; to be called often. */
    sweep: () => housekeeping.sweep(),
    registerRoutes: (router: Router) => {
      registerSignInRoutes(router, { signIn, cookies, verifiers, demo: deps.demo })
      registerRefreshRoute(router, { refreshes, cookies })
      registerLoginRoutes(router, { logins, notices, tickets, cookies, devices })
      registerPasskeySignInRoutes(router, { signIn: passkeySignIn, cookies })
      second.registerRoutes(router)
      registerPasswordRoutes(router, new PasswordChange({ ...shared, devices, notices, passwords, throttle }))
      registerApiKeyRoutes(router, new ApiKeyService({ database, clock, bus, notices }))
      registerUserRoutes(router, { users, invitations })
      registerInvitationRoutes(router, { invitations, cookies })
    },
  }
}

/** How credentials become principals. */
function createAccess({ database, clock, bus, platform: options }: AuthDeps, tokens: AccessTokens, registry: LoginRegistry) {
  const apiKeys = new ApiKeyRegistry({ database, clock, bus })
  const platform = options && new PlatformMode({ database, clock, bus, ...options })
  const verifiers: Verifiers = {
    accessToken: async (token) => {
      const { userId, loginId } = await tokens.verify(token)
      const principal = await registry.principal(loginId)
      if (principal.user.id !== userId) throw new UnauthorizedError('The access token is not valid. Sign in again.')
      return principal
    },
    apiKey: (key, address) => apiKeys.verify(key, address),
    platform: platform && (() => platform.principal()),
  }
  const principals = new Principals({
    login: (id) => registry.recheck(id),
    apiKey: (id) => apiKeys.principal(id),
    platform: () => platform?.principal() ?? Promise.reject(new UnauthorizedError()),
  })
  return { verifiers, principals, platform }
}
