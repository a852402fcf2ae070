import type { Kysely } from 'kysely'
import type { Refusal } from '../http/refusal.ts'
import type { Router } from '../http/route.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { ForwardTarget } from '../platform/forward-target.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import { loadOrMakeAuditKey } from './audit-key.ts'
import { registerAuditRoutes } from './audit-routes.ts'
import { AuditRetention } from './audit-retention.ts'
import { AuditSealer } from './audit-sealer.ts'
import { AuditService } from './audit-service.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { AuditForwarder } from './forward/audit-forwarder.ts'
import { recordStart } from './record-start.ts'
import { RefusalLog } from './refusal-log.ts'
import { SegmentFiles } from './segment-file.ts'

const RETAIN_EVERY_MS = 60 * 60_000
const VERIFY_SOON_MS = 30_000
const VERIFY_EVERY_MS = 24 * 60 * 60_000

export interface AuditDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  dataDirectory: string
  /** 0: entries stay in the database for ever. */
  retentionDays: number
  /** Where entries are handed on to. */
  forward: ForwardTarget | null
  /** Every setting in force by the name of its variable. */
  settings: Readonly<Record<string, string>>
}

/** The audit log as the rest of the server knows it; entries are written by `recordAudit`. */
export function createAudit(deps: AuditDeps) {
  const { logger, dataDirectory } = deps
  const kept = { file: new CheckpointFile(dataDirectory), segments: new SegmentFiles(dataDirectory) }
  const shared = { ...deps, ...kept, key: loadOrMakeAuditKey(dataDirectory) }
  const retention = new AuditRetention(shared)
  const sealer = new AuditSealer(shared)
  const refusals = new RefusalLog(deps)
  const forwarder = deps.forward && new AuditForwarder({ ...shared, target: deps.forward })
  const service = new AuditService({ ...shared, seal: () => sealer.seal(), forwardState: async () => forwarder?.state() ?? null })
  const timers: NodeJS.Timeout[] = []
  const verify = () => {
    service.verify().then(
      ({ ok, problem }) => {
        if (!ok) logger.error({ problem }, 'the audit log was changed: run ai-code-ui audit verify')
      },
      (error: unknown) => {
        logger.error({ err: error }, 'the audit log could not be verified')
      },
    )
  }
  const retain = () => {
    retention.sweep().catch((error: unknown) => {
      logger.error({ err: error }, 'old entries of the audit log could not be sealed')
    })
  }
  return {
    registerRoutes: (router: Router) => {
      registerAuditRoutes(router, service)
    },
    ...lookedAtBy(service),
    noteRefusal: (refusal: Refusal) => {
      refusals.note(refusal)
    },
    sweep: async () => {
      refusals.sweep()
    },
    /** Writes what was only counted so far. */
    settle: () => refusals.settle(),
    /** Records the start, and what is configured differently since the last. */
    recordStart: (version: string) => recordStart(shared, version),
    recordStop: (version: string) =>
      recordAudit(deps.database, { at: deps.clock.now(), actor: 'system', action: 'server.stopped', details: { version } }),
    start() {
      sealer.start()
      timers.push(setTimeout(verify, VERIFY_SOON_MS), setInterval(verify, VERIFY_EVERY_MS), setInterval(retain, RETAIN_EVERY_MS))
      for (const timer of timers) timer.unref()
      retain()
      forwarder?.start()
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      await retention.settle()
      await sealer.stop().catch((error: unknown) => {
        logger.error({ err: error }, 'the end of the audit log could not be sealed')
      })
      // Last, so that the last signature goes out too.
      await forwarder?.stop()
    },
  }
}

/** What doctor asks of the log. */
function lookedAtBy(service: AuditService) {
  return {
    /** How the log is kept, and what the last check of it found. */
    state: () => service.state(),
    /** Checks the whole chain. */
    verify: () => service.verify(),
  }
}
