import type { AuditState, AuditVerdict } from '#protocol/audit'
import type { Isolation } from '../cage/cage.ts'
import type { SeenViolations } from '../http/csp-reports.ts'
import type { Config } from '../config.ts'
import type { Database } from '../platform/database.ts'
import type { Place } from './place.ts'
import type { LiveServer } from './probe/live-server.ts'

/** The process of the server as the kernel tells of it; fields are null where it does not. */
export interface ProcessFacts {
  pid: number
  /** The user it runs as; null where that is not known. */
  uid: number | null
  /** As umask(2). */
  umask: number | null
  /** Bytes; infinity for no limit. */
  coreLimit: number | null
  /** What it was started with, Node's own options first. */
  command: readonly string[]
  /** Where it looks for `.env`; null where that is not known. */
  workingDirectory: string | null
  /** Its environment; null where it cannot be read. */
  environment: Readonly<Record<string, string>> | null
}

/** Everything that checks may look at. */
export interface Installation {
  config: Config
  /** Whether the configuration is the running server's own; else it is what a server started like this would have. */
  isOwnConfig: boolean
  version: string
  /** Of the Node that the server runs on, as in `v24.21.0`; null where it cannot be found out. */
  nodeVersion: string | null
  /** Where the product is installed. */
  packageRoot: string
  now: Date
  /** Null where there is none, or it cannot be opened. */
  database: Database | null
  /** Why there is no database; empty where there is one. */
  databaseProblem: string
  /** The server that runs; null where none does. */
  server: LiveServer | null
  /** Of the server; null where none runs. */
  process: ProcessFacts | null
  /** How it is run here, for commands that can be copied. */
  place: Place
  /** What keeps agents from the server's secrets. */
  isolation: () => Promise<{ isolation: Isolation; explanation: string }>
  /** What the last check of the audit log found, or a new one; null where there was none yet. */
  auditVerdict: () => Promise<AuditVerdict | null>
  /** How far the log was handed on; null where it is not. */
  auditForward: () => Promise<AuditState['forward']>
  /** What browsers reported of the content security policy since the server started; not known outside of it. */
  violations?: () => SeenViolations
  /** Certificates that are trusted beside the system's, for looking at public addresses. */
  extraCa?: string
  /** Where plain HTTP of public addresses is looked for; 80 unless given. */
  publicHttpPort?: number
}
