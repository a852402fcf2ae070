import type { AuditState, AuditVerdict } from '#protocol/audit'
import type { Posture } from '#protocol/posture'
import type { Isolation } from '../cage/cage.ts'
import type { Config } from '../config.ts'
import type { SeenViolations } from '../http/csp-reports.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Installation } from './installation.ts'
import { findManager, placeOf } from './place.ts'
import { LiveServer } from './probe/live-server.ts'
import { ownProcessFacts } from './probe/process-facts.ts'
import { CHECKS } from './registry.ts'
import { runChecks } from './run-checks.ts'

/** What the server knows of how it was started. */
export interface HostFacts {
  /** Where the product is installed. */
  packageRoot: string
  /** Where this server answers; null while it does not listen. */
  url: () => string | null
  /** What keeps agents from the server's secrets. */
  cage: { isolation: Isolation; explanation: string }
}

export interface SelfDeps {
  config: Config
  database: Database
  clock: Clock
  version: string
  host: HostFacts
  /** How the audit log is kept, and what the last check of it found. */
  auditState: () => Promise<AuditState>
  /** What browsers reported of the content security policy. */
  violations: () => SeenViolations
  /** Checks the whole audit log. */
  verifyAudit: () => Promise<AuditVerdict>
}

/** Looks at the server from inside it. */
export async function examineSelf(deps: SelfDeps): Promise<Posture> {
  return runChecks(CHECKS, await selfOf(deps))
}

async function selfOf({ config, database, clock, version, host, auditState, verifyAudit, violations }: SelfDeps): Promise<Installation> {
  const { packageRoot, url, cage } = host
  const address = url()
  const server = address === null ? null : new LiveServer(address, process.pid)
  const port = server === null ? config.port : Number(server.url.port)
  return {
    config,
    isOwnConfig: true,
    version,
    nodeVersion: process.version,
    packageRoot,
    now: clock.now(),
    database,
    databaseProblem: '',
    server,
    process: await ownProcessFacts(),
    place: placeOf(findManager(process.pid), { dataDirectory: config.dataDirectory, port, packageRoot, uid: process.getuid?.() ?? null }),
    isolation: async () => cage,
    // A log can be long: it is checked here only where nobody did so yet.
    auditVerdict: async () => (await auditState()).verdict ?? verifyAudit(),
    violations,
    auditForward: async () => (await auditState()).forward,
  }
}
