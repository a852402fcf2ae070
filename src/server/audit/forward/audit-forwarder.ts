import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AuditState } from '#protocol/audit'
import type { Clock } from '../../platform/clock.ts'
import type { ForwardTarget } from '../../platform/forward-target.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuditRepository } from '../audit-repository.ts'
import { chainPages } from '../chain-reader.ts'
import { toAuditEntry } from '../export-entries.ts'
import type { SegmentFiles } from '../segment-file.ts'
import { FileSink } from './file-sink.ts'
import type { ForwardLine, ForwardSink } from './forward-line.ts'
import { StreamSyslogSink, UdpSyslogSink } from './syslog-sinks.ts'

const LOOK_EVERY_MS = 1000
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15_000
/** The end of the server waits no longer for a target. */
const LAST_WAIT_MS = 2000

export interface AuditForwarderDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  segments: SegmentFiles
  target: ForwardTarget
}

interface Cursor {
  seq: number
  checkpointSeq: number
}

/**
 * Hands every entry on, in order and at least once, and the checkpoints after what they vouch for. It reads what is
 * stored and remembers in the database how far it came, so that neither a restart nor a target that is away for days
 * leaves a gap; nothing of the product waits for it.
 */
export class AuditForwarder {
  readonly #deps: AuditForwarderDeps
  readonly #sink: ForwardSink
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()
  #isStopped = false
  #failures = 0
  #failing: { since: string; problem: string } | null = null

  constructor(deps: AuditForwarderDeps) {
    this.#deps = deps
    this.#sink = sinkFor(deps.target)
  }

  start(): void {
    this.#schedule(0)
  }

  /** Hands on what there is, unless that fails already, and ends; the next start goes on where it did not come to the end. */
  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await Promise.race([
      this.#running.then(() => (this.#failing === null ? this.#run() : undefined)),
      delay(LAST_WAIT_MS, undefined, { ref: false }),
    ])
    await this.#sink.close()
  }

  async state(): Promise<NonNullable<AuditState['forward']>> {
    const [{ seq }, last] = await Promise.all([this.#cursor(), new AuditRepository(this.#deps.database).last()])
    return { target: this.#deps.target.name, seq, behind: Math.max(0, (last?.seq ?? 0) - seq), failing: this.#failing }
  }

  #schedule(ms: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#running = this.#run().then(() => {
        this.#schedule(this.#failures === 0 ? LOOK_EVERY_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1)))
      })
    }, ms)
    this.#timer.unref()
  }

  /** Never fails: what goes wrong is the state's and the log's. */
  async #run(): Promise<void> {
    try {
      await this.#handOn()
      this.#succeeded()
    } catch (error) {
      this.#failed(error)
    }
  }

  async #handOn(): Promise<void> {
    const { database, segments } = this.#deps
    const cursor = await this.#cursor()
    for await (const page of chainPages(database, segments, cursor.seq)) {
      await this.#sink.send(page.map((row) => ({ type: 'entry', ...toAuditEntry(row) })))
      cursor.seq = page.at(-1)?.seq ?? cursor.seq
      await this.#save(cursor)
      this.#succeeded()
    }
    const checkpoints = await new AuditRepository(database).checkpointsBetween(cursor.checkpointSeq, cursor.seq)
    const newest = checkpoints.at(-1)
    if (!newest) return
    await this.#sink.send(checkpoints.map((checkpoint): ForwardLine => ({ type: 'checkpoint', ...checkpoint })))
    await this.#save({ ...cursor, checkpointSeq: newest.seq })
  }

  /** A new target begins with what the database holds; what was sealed before lies in its files. */
  async #cursor(): Promise<Cursor> {
    const { database, target } = this.#deps
    const row = await database.selectFrom('audit_forwards').selectAll().where('target', '=', target.name).executeTakeFirst()
    if (row) return { seq: row.seq, checkpointSeq: row.checkpoint_seq }
    const sealed = (await new AuditRepository(database).lastSegment())?.last ?? 0
    return { seq: sealed, checkpointSeq: sealed }
  }

  async #save({ seq, checkpointSeq: checkpoint_seq }: Cursor): Promise<void> {
    const { database, clock, target } = this.#deps
    const values = { seq, checkpoint_seq, at: clock.now().toISOString() }
    await database
      .insertInto('audit_forwards')
      .values({ target: target.name, ...values })
      .onConflict((conflict) => conflict.column('target').doUpdateSet(values))
      .execute()
  }

  #succeeded(): void {
    if (this.#failing) this.#deps.logger.info({ target: this.#deps.target.name }, 'the audit log is handed on again')
    this.#failing = null
    this.#failures = 0
  }

  #failed(error: unknown): void {
    const { clock, logger, target } = this.#deps
    this.#failures += 1
    const problem = error instanceof Error ? error.message : String(error)
    if (!this.#failing) logger.warn({ err: error, target: target.name }, 'the audit log cannot be handed on; tried again until it can')
    this.#failing = { since: this.#failing?.since ?? clock.now().toISOString(), problem: problem.slice(0, 300) }
  }
}

function sinkFor(target: ForwardTarget): ForwardSink {
  switch (target.kind) {
    case 'file':
      return new FileSink(target.path)
    case 'unix':
      return new StreamSyslogSink({ path: target.path })
    case 'tcp':
      return new StreamSyslogSink({ host: target.host, port: target.port })
    case 'udp':
      return new UdpSyslogSink(target.host, target.port)
  }
}
