import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import type { AuditKey } from './audit-key.ts'
import { AuditRepository } from './audit-repository.ts'
import { signCheckpoint } from './checkpoint.ts'
import type { CheckpointFile } from './checkpoint-file.ts'

const LOOK_EVERY_MS = 5000
const SEAL_AFTER_ENTRIES = 64
const SEAL_AFTER_MS = 60_000

export interface AuditSealerDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  key: AuditKey
  file: CheckpointFile
}

/** Signs the end of the audit log, every 64 entries or every minute in which there were any. */
export class AuditSealer {
  readonly #deps: AuditSealerDeps
  readonly #repository: AuditRepository
  #timer: NodeJS.Timeout | null = null
  #sealedAt = 0
  #sealing: Promise<void> = Promise.resolve()

  constructor(deps: AuditSealerDeps) {
    this.#deps = deps
    this.#repository = new AuditRepository(deps.database)
  }

  start(): void {
    this.#sealedAt = this.#deps.clock.now().getTime()
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) => {
        this.#deps.logger.error({ err: error }, 'the audit log could not be sealed; tried again soon')
      })
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Seals what there is and looks no more. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    await this.seal()
  }

  /** Signs the newest entry, unless a checkpoint vouches for it already. */
  seal(): Promise<void> {
    this.#sealing = this.#sealing.catch(() => {}).then(() => this.#sealNow())
    return this.#sealing
  }

  async #look(): Promise<void> {
    const [last, sealedTo] = await Promise.all([this.#repository.last(), this.#repository.sealedTo()])
    const unsealed = (last?.seq ?? 0) - sealedTo
    const isDue = unsealed >= SEAL_AFTER_ENTRIES || this.#deps.clock.now().getTime() - this.#sealedAt >= SEAL_AFTER_MS
    if (unsealed > 0 && isDue) await this.seal()
  }

  async #sealNow(): Promise<void> {
    const { clock, key, file } = this.#deps
    const last = await this.#repository.last()
    this.#sealedAt = clock.now().getTime()
    if (!last || last.seq <= (await this.#repository.sealedTo())) return
    const checkpoint = signCheckpoint({ ...last, at: clock.now() }, key)
    // The file first: should the server die in between, it vouches alone.
    await file.append(checkpoint)
    await this.#repository.insertCheckpoint(checkpoint)
  }
}
