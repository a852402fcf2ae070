import type { Kysely } from 'kysely'
import type { ProjectId, SessionId, UserId } from '#protocol/ids'
import type { Project } from '#protocol/projects'
import type { AgentMode, ProviderStatus } from '#protocol/providers'
import type { ApprovalService } from '../approvals/approval-service.ts'
import type { Principal } from '../http/principal.ts'
import type { Router } from '../http/route.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import type { Provider } from '../providers/provider.ts'
import { AgentPool } from './agent-pool.ts'
import { AgentProcesses } from './agent-processes.ts'
import type { ModePlace } from './mode-place.ts'
import { SessionAccess } from './session-access.ts'
import { type FrameSink, SessionFollower } from './session-follower.ts'
import { SessionHub } from './session-hub.ts'
import { SessionLog } from './session-log.ts'
import { recoverSessions, type SessionRecoveryDeps } from './session-recovery.ts'
import { SessionRepository } from './session-repository.ts'
import { registerSessionRoutes } from './session-routes.ts'
import { SessionModes } from './session-modes.ts'
import { SessionService } from './session-service.ts'
import { SessionWriters } from './session-writers.ts'
import { Skipping } from './skipping.ts'

export interface SessionsDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  logger: Logger
  instanceId: string
  idleMs: number
  maxAgents: number
  providers: { get: (id: string) => Provider; list: () => Promise<ProviderStatus[]> }
  openProject: (id: ProjectId) => Promise<Project>
  /** Throws ForbiddenError where the principal may not put a session into the mode. */
  checkMode: (principal: Principal, mode: AgentMode) => void
  /** Who may let a session skip approvals, now and later on. */
  skipPermission: () => {
    check: (principal: Principal, place: ModePlace) => Promise<void>
    refusal: (principal: Principal, place: ModePlace) => Promise<string | null>
  }
  /** Who the credential of a principal makes them now. @throws UnauthorizedError when its access has ended */
  recheck: (principal: Principal) => Promise<Principal>
  /** Whether whoever started a session may still have an agent work. */
  mayHaveAgents: (userId: UserId) => Promise<boolean>
  /** Called in the very step in which an agent says that its turn has ended, or is gone. */
  onTurnEnded: (sessionId: SessionId) => void
  /** Throws FrozenError while nothing may be started. */
  refuseFrozen: () => Promise<void>
  /** Passed in late, since approvals and sessions need one another. */
  approvals: () => Pick<ApprovalService, 'request' | 'cancelPending' | 'tellAgain'>
}

/** All that the rest of the server may know of sessions. */
export function createSessions(deps: SessionsDeps) {
  const { database, clock, bus, logger } = deps
  const repository = new SessionRepository(database)
  const log = new SessionLog(database, bus)
  const writers = new SessionWriters({ repository, log, bus, clock, logger })
  const processes = new AgentProcesses({ database, clock, logger })
  const pool = new AgentPool({
    ...deps,
    repository,
    writers,
    processes,
    provider: deps.providers.get,
    requestApproval: (subject, ask, signal, onWaiting) => deps.approvals().request(subject, ask, signal, onWaiting),
    cancelApprovals: (sessionId: SessionId, why) => deps.approvals().cancelPending(sessionId, why),
  })
  const hub = new SessionHub(bus)
  const access = new SessionAccess(repository, log)
  const { skipping, modes } = joinModes(deps, { repository, writers, pool })
  const service = new SessionService({ ...deps, access, writers, pool, modes, skipping, provider: deps.providers.get })
  return {
    service,
    access,
    /** One connection's view of one session; the caller has checked that it may see it. */
    follow: (sessionId: SessionId, afterSeq: number, sink: FrameSink) => new SessionFollower(sessionId, afterSeq, { log, hub, sink }),
    /** Ends the running turn of every agent. */
    interruptAll: pool.interruptAll.bind(pool),
    /** Ends the agents that run in a project. */
    endAgents: pool.closeInProject.bind(pool),
    /** Ends the agents that somebody started. */
    endAgentsOf: pool.closeOfUser.bind(pool),
    appendEvent: writers.append.bind(writers),
    /** Whether a session skips approvals, asked in the transaction that lets a call pass for it. */
    stillSkips: skipping.holds.bind(skipping),
    /** Lets no session skip approvals any more. */
    endSkipping: skipping.endAll.bind(skipping),
    async recover() {
      await skipping.recover()
      await recoverSessions(recoveryOf(deps, { repository, log, writers, processes }))
    },
    /** Housekeeping, from a timer. */
    async sweep(): Promise<void> {
      await pool.retireIdle()
      await skipping.review()
      // Whose account was disabled on the host, by another process, is told to nobody here.
      for (const userId of pool.users()) if (!(await deps.mayHaveAgents(userId))) await pool.closeOfUser(userId, 'removed')
      await writers.sweep((sessionId) => pool.isLive(sessionId))
    },
    /** Ends every agent and stores what they said last. */
    async close(): Promise<void> {
      skipping.close()
      await pool.closeAll()
      await writers.flushAll()
    },
    registerRoutes: (router: Router) => {
      registerSessionRoutes(router, { sessions: service, access, listProviders: deps.providers.list })
    },
  }
}

/** What puts sessions into modes, and what ends the one that skips approvals. */
function joinModes(deps: SessionsDeps, parts: { repository: SessionRepository; writers: SessionWriters; pool: AgentPool }) {
  const { skipPermission } = deps
  const skipping = new Skipping({ ...deps, ...parts, refusal: (principal, place) => skipPermission().refusal(principal, place) })
  const modes = new SessionModes({
    ...deps,
    ...parts,
    skipping,
    checkSkipping: (principal, place) => skipPermission().check(principal, place),
  })
  return { skipping, modes }
}

function recoveryOf(
  { logger, approvals }: SessionsDeps,
  parts: Pick<SessionRecoveryDeps, 'repository' | 'log' | 'writers' | 'processes'>,
): SessionRecoveryDeps {
  return {
    ...parts,
    logger,
    cancelApprovals: (why) => approvals().cancelPending(undefined, why),
    tellApproval: (id) => approvals().tellAgain(id),
  }
}
