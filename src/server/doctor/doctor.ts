import type { AuditState, AuditVerdict } from '#protocol/audit'
import type { Posture } from '#protocol/posture'
import type { Isolation } from '../cage/cage.ts'
import type { Config } from '../config.ts'
import type { Router } from '../http/route.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Installation } from './installation.ts'
import { findManager, placeOf } from './place.ts'
import { registerPostureRoutes } from './posture-routes.ts'
import { LiveServer } from './probe/live-server.ts'
import { ownProcessFacts } from './probe/process-facts.ts'
import { CHECKS } from './registry.ts'
import { runChecks } from './run-checks.ts'

export interface DoctorDeps {
  config: Config
  database: Database
  clock: Clock
  version: string
  packageRoot: string
  /** Where this server answers; null while it does not listen. */
  url: () => string | null
  /** What keeps agents from the server's secrets. */
  cage: { isolation: Isolation; explanation: string }
  /** How the audit log is kept, and what the last check of it found. */
  auditState: () => Promise<AuditState>
  /** Checks the whole audit log. */
  verifyAudit: () => Promise<AuditVerdict>
}

/** Doctor inside the server that it looks at. */
export function createDoctor(deps: DoctorDeps) {
  let running: Promise<Posture> | null = null
  return {
    registerRoutes: (router: Router) => {
      registerPostureRoutes(router, () => {
        // Whoever asks meanwhile shares the look that is under way.
        running ??= examineSelf(deps).finally(() => {
          running = null
        })
        return running
      })
    },
  }
}

async function examineSelf(deps: DoctorDeps): Promise<Posture> {
  return runChecks(CHECKS, await selfOf(deps))
}

async function selfOf({ config, database, clock, version, packageRoot, url, cage, auditState, verifyAudit }: DoctorDeps): Promise<Installation> {
  const address = url()
  const server = address === null ? null : new LiveServer(address, process.pid)
  const port = server === null ? config.port : Number(server.url.port)
  return {
    config,
    isOwnConfig: true,
    version,
    packageRoot,
    now: clock.now(),
    database,
    databaseProblem: '',
    server,
    process: await ownProcessFacts(),
    place: placeOf(findManager(process.pid), { dataDirectory: config.dataDirectory, port }),
    isolation: async () => cage,
    // A log can be long: it is checked here only where nobody did so yet.
    auditVerdict: async () => (await auditState()).verdict ?? verifyAudit(),
    auditForward: async () => (await auditState()).forward,
  }
}
