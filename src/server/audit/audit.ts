import type { Kysely } from 'kysely'
import type { Refusal } from '../http/refusal.ts'
import type { Router } from '../http/route.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import { loadOrMakeAuditKey } from './audit-key.ts'
import { registerAuditRoutes } from './audit-routes.ts'
import { AuditSealer } from './audit-sealer.ts'
import { AuditService } from './audit-service.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { RefusalLog } from './refusal-log.ts'

const VERIFY_SOON_MS = 30_000
const VERIFY_EVERY_MS = 24 * 60 * 60_000

export interface AuditDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  dataDirectory: string
}

/** The audit log as the rest of the server knows it; entries are written by `recordAudit`. */
export function createAudit(deps: AuditDeps) {
  const { logger } = deps
  const shared = { ...deps, key: loadOrMakeAuditKey(deps.dataDirectory), file: new CheckpointFile(deps.dataDirectory) }
  const sealer = new AuditSealer(shared)
  const refusals = new RefusalLog(deps)
  const service = new AuditService({ ...shared, seal: () => sealer.seal() })
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
  return {
    registerRoutes: (router: Router) => {
      registerAuditRoutes(router, service)
    },
    noteRefusal: (refusal: Refusal) => {
      refusals.note(refusal)
    },
    sweep: async () => {
      refusals.sweep()
    },
    /** Writes what was only counted so far. */
    settle: () => refusals.settle(),
    start() {
      sealer.start()
      timers.push(setTimeout(verify, VERIFY_SOON_MS), setInterval(verify, VERIFY_EVERY_MS))
      for (const timer of timers) timer.unref()
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      await sealer.stop().catch((error: unknown) => {
        logger.error({ err: error }, 'the end of the audit log could not be sealed')
      })
    },
  }
}
