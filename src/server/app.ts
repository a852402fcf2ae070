import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { PLATFORM_MARKER, type User } from '#protocol/auth'
import type { AppDeps } from './app-deps.ts'
import { createApprovals } from './approvals/approvals.ts'
import { createAudit } from './audit/audit.ts'
import { recordAudit } from './platform/audit-log.ts'
import type { Config } from './config.ts'
import { settingsInForce } from './config-in-force.ts'
import { ApiKeyGate, registerApiKeyGate } from './http/api-key-gate.ts'
import { authentication } from './http/authentication.ts'
import { joinAuth } from './join-auth.ts'
import { createDoctor } from './doctor/doctor.ts'
import { CspReports, registerCspReports } from './http/csp-reports.ts'
import { createHttpServer } from './http/http-server.ts'
import { refuseSignIn } from './http/no-sign-in.ts'
import { OriginGuard } from './http/origin-guard.ts'
import type { OnRefusal } from './http/refusal.ts'
import { RateLimits } from './http/rate-limits.ts'
import { Router } from './http/route.ts'
import { registerSecurityTxt } from './http/security-txt.ts'
import { registerStaticFiles } from './http/static-files.ts'
import { registerSystemRoutes } from './http/system-routes.ts'
import { TrustedProxies } from './http/trusted-proxies.ts'
import { WebSockets } from './http/websocket.ts'
import { pingDatabase } from './platform/database.ts'
import { type EventBus, LocalEventBus } from './platform/event-bus.ts'
import { ACCESS_ENDED } from './platform/topics.ts'
import { checkModeAllowed } from './policy/mode-permission.ts'
import { createPolicy } from './policy/policy.ts'
import { createProjects } from './projects/projects.ts'
import { createProviderRegistry } from './providers/provider-registry.ts'
import { createSessions } from './sessions/sessions.ts'
import { createChatSocket } from './socket/chat-socket.ts'
import { sweepRegularly } from './sweeping.ts'

export interface App {
  http: FastifyInstance
  /** The code that the first account needs; null once there is an account. */
  pendingSetupCode: () => Promise<string | null>
  /** In platform mode: who serves all requests. Null where people sign in. */
  platformUser: () => Promise<User | null>
  /** Puts right what an earlier server left; to be awaited before anything is served. */
  recover: () => Promise<void>
  /** Ends agents and connections, stores what is on its way. The database stays open. */
  close: () => Promise<void>
}

/** Builds every feature and joins them. Nothing else in the server knows more than one feature. */
export function createApp(deps: AppDeps): App {
  const { config, database, logger } = deps
  const bus = new LocalEventBus()
  const features = joinFeatures(deps, bus)
  const { auth, sessions } = features

  const { basePath, platformMode } = config
  const { http, originGuard, rateLimits, cspReports } = createEdge(deps, features.audit.noteRefusal)
  let isServing = false
  const apiKeyGate = createApiKeyGate(deps)
  if (apiKeyGate) registerApiKeyGate(http, apiKeyGate, auth.verifiers)
  if (platformMode) refuseSignIn(http)
  const sockets = createSockets(features, { ...deps, bus, originGuard, apiKeyGate, isReady: () => isServing })

  const router = new Router(http, authentication(auth.verifiers), { clock: deps.clock, rateLimits })
  const doctor = createDoctor({
    ...deps,
    violations: () => cspReports.seen(),
    auditState: features.audit.state,
    verifyAudit: features.audit.verify,
  })
  for (const feature of [auth, features.projects, sessions, features.policy, features.approvals, features.audit, doctor])
    feature.registerRoutes(router)
  registerSystemRoutes(router, { version: deps.version, basePath, isReady: () => pingDatabase(database).then(() => isServing) })
  const markerCookie = platformMode ? platformMarker(apiKeyGate) : auth.markerCookie
  registerStaticFiles(http, { directory: deps.webDirectory, markerCookie, basePath })
  sockets.attach(http)

  /** A full disk keeps nobody from looking at what there is, nor the server from ending. */
  const attempt = (recording: Promise<void>) =>
    recording.catch((error: unknown) => {
      logger.error({ err: error }, 'the audit log could not be written')
    })

  const stopSweeping = sweepRegularly([sessions, auth, features.policy, features.audit], config, logger)
  return {
    http,
    pendingSetupCode: () => auth.pendingSetupCode(),
    platformUser: () => auth.platformUser(),
    async recover() {
      await attempt(features.audit.recordStart(deps.version))
      features.audit.start()
      await auth.start()
      await features.policy.recover()
      await sessions.recover()
      isServing = true
    },
    async close() {
      isServing = false
      stopSweeping()
      await sessions.close()
      sockets.close()
      await http.close()
      await features.audit.settle()
      await attempt(features.audit.recordStop(deps.version))
      await features.audit.stop()
    },
  }
}

/** What stands in front of every route, and the few things outside of `/api` that are no pages. */
function createEdge({ config, clock, logger, serverFactory }: AppDeps, onRefusal: OnRefusal) {
  const originGuard = new OriginGuard(config)
  const rateLimits = new RateLimits({ clock, logger, overrides: config.rateLimits })
  const { trustProxy, basePath } = config
  const http = createHttpServer({
    logger,
    originGuard,
    rateLimits,
    trustProxy,
    basePath,
    onRefusal,
    ...(serverFactory ? { serverFactory } : {}),
  })
  const cspReports = new CspReports({ clock, logger })
  registerCspReports(http, cspReports)
  registerSecurityTxt(http, { contacts: config.securityContacts, basePath, clock })
  return { http, originGuard, rateLimits, cspReports }
}

/** The gate of `API_KEY`, where there is one. */
function createApiKeyGate({ config, database, clock }: AppDeps): ApiKeyGate | null {
  const { apiKey } = config
  if (apiKey === null) return null
  const onWrongKey = (address: string) =>
    recordAudit(database, { at: clock.now(), actor: 'unknown', action: 'apikey.refused', address, details: { key: 'API_KEY' } })
  return new ApiKeyGate({ apiKey, clock, onWrongKey })
}

type Features = ReturnType<typeof joinFeatures>

/** Features are strangers: what one needs of another is passed in here. */
function joinFeatures(deps: AppDeps, bus: EventBus) {
  const { config, database, clock, logger } = deps
  const registry = createProviderRegistry(deps.providers)
  const shared = { database, clock, bus, logger }
  const projects = createProjects({
    ...shared,
    workspacesRoots: config.workspacesRoots,
    dataDirectory: config.dataDirectory,
    endAgents: (id, reason) => sessions.endAgents(id, reason),
  })
  const sessions = createSessions({
    ...shared,
    instanceId: randomUUID(),
    idleMs: config.agentIdleMs,
    maxAgents: config.maxAgents,
    providers: { get: (id) => registry.get(id), list: () => registry.list() },
    openProject: (id) => projects.service.open(id),
    checkMode: checkModeAllowed,
    skipPermission: () => policy.skipping,
    recheck: (principal) => auth.recheck(principal),
    approvals: () => approvals.service,
    refuseFrozen: () => approvals.refuseFrozen(),
    onTurnEnded: (sessionId) => policy.endTurn(sessionId),
    mayHaveAgents: (userId) => auth.mayHaveAgents(userId),
  })
  const policy = createPolicy({
    ...shared,
    dataDirectory: config.dataDirectory,
    provider: (id) => registry.get(id),
    project: (id) => projects.service.get(id),
    hasSandbox: () => false,
    recheck: (principal) => auth.recheck(principal),
    pastCalls: (projectId, userId) => approvals.pastCalls(projectId, userId),
  })
  const approvals = createApprovals({
    ...shared,
    policy: policy.gate,
    searchPath: config.agentEnvironment.PATH ?? '',
    timeoutMs: config.approvalTimeoutMs,
    projectTimeout: (id) => projects.service.approvalTimeout(id),
    appendEvent: sessions.appendEvent,
    checkMode: checkModeAllowed,
    changeMode: (sessionId, mode) => sessions.service.changeMode(sessionId, mode),
    interruptAll: () => sessions.interruptAll(),
    endSkipping: (why) => sessions.endSkipping(why),
    stillSkips: sessions.stillSkips,
    onWaiting: ({ requestId, sessionId }) => {
      logger.debug({ requestId, sessionId }, 'a tool call waits for a person')
    },
  })
  const auth = joinAuth(deps, bus, {
    endAgents: (userId) => sessions.endAgentsOf(userId, 'removed'),
    addProject: async (path, principal) => {
      await projects.service.create({ path }, principal)
    },
  })
  const audit = joinAudit(config, shared)
  return { registry, projects, sessions, policy, approvals, auth, audit }
}

function joinAudit(config: Config, shared: Pick<AppDeps, 'database' | 'clock' | 'logger'>) {
  const { dataDirectory, auditRetentionDays: retentionDays, auditForward: forward } = config
  return createAudit({ ...shared, dataDirectory, retentionDays, forward, settings: settingsInForce(config) })
}

function createSockets(
  { auth, registry, sessions, approvals, audit }: Features,
  deps: AppDeps & { bus: EventBus; originGuard: OriginGuard; apiKeyGate: ApiKeyGate | null; isReady: () => boolean },
): WebSockets {
  const { bus, clock, config, logger, originGuard } = deps
  const chat = createChatSocket({
    bus,
    clock,
    logger,
    sessions: sessions.service,
    access: sessions.access,
    approvals: approvals.service,
    follow: sessions.follow,
    onConnect: () => void registry.prepare(),
    onRefusal: audit.noteRefusal,
  })
  return new WebSockets({
    logger,
    originGuard,
    isReady: deps.isReady,
    trustedProxies: new TrustedProxies(config.trustProxy),
    clock,
    verifiers: auth.verifiers,
    apiKeyGate: deps.apiKeyGate,
    redeemTicket: auth.redeemTicket,
    recheck: auth.recheck,
    onAccessEnded: (listener) => bus.subscribe(ACCESS_ENDED, listener),
    endpoints: [chat],
    basePath: config.basePath,
    onRefusal: audit.noteRefusal,
  })
}

/** With a key in front, the sign-in page asks for it before the app is sent. */
function platformMarker(apiKeyGate: ApiKeyGate | null): string | null {
  return apiKeyGate === null ? null : PLATFORM_MARKER
}
