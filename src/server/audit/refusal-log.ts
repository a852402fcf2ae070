import type { Kysely } from 'kysely'
import type { Refusal } from '../http/refusal.ts'
import { type AuditEntry, recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'

const MINUTE_MS = 60_000
/** Kinds of refusal that a minute has room for; what comes on top shares one entry. */
const KINDS_A_MINUTE = 20
const MAX_NAMES = 20

export interface RefusalLogDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
}

/** The same person or address, refused for the same reason in the same place. */
interface Kind {
  entry: AuditEntry
  /** How often it happened again, and when last. */
  again: number
  last: string
}

/**
 * Writes refusals down, off the path of whatever was refused: the first of a kind at once, how often it came again when
 * the minute is over, and the rest of a minute that has too many kinds as one entry. A flood costs at most 41 entries a
 * minute and no memory.
 */
export class RefusalLog {
  readonly #deps: RefusalLogDeps
  readonly #kinds = new Map<string, Kind>()
  #rest = emptyRest()
  #minute = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(deps: RefusalLogDeps) {
    this.#deps = deps
  }

  note(refusal: Refusal): void {
    const at = this.#deps.clock.now()
    this.#turn(at)
    const { problem, where, principal, address } = refusal
    const key = JSON.stringify([principal?.user.id ?? address, principal?.device, where, problem])
    const known = this.#kinds.get(key)
    if (known) {
      known.again += 1
      known.last = at.toISOString()
    } else if (this.#kinds.size < KINDS_A_MINUTE) {
      const entry = entryOf(refusal, at)
      this.#kinds.set(key, { entry, again: 0, last: at.toISOString() })
      this.#write([entry])
    } else {
      this.#rest.add(refusal)
    }
  }

  /** Closes a minute that is over, also where nothing came after it. */
  sweep(): void {
    this.#turn(this.#deps.clock.now())
  }

  /** Writes what is counted so far; resolves when everything is stored. */
  async settle(): Promise<void> {
    this.#close(this.#deps.clock.now())
    await this.#writing
  }

  #turn(now: Date): void {
    const minute = Math.floor(now.getTime() / MINUTE_MS)
    if (minute === this.#minute) return
    this.#close(now)
    this.#minute = minute
  }

  #close(at: Date): void {
    const entries = [...this.#kinds.values()].filter(({ again }) => again > 0).map((kind) => againOf(kind, at))
    if (this.#rest.count > 0) entries.push({ at, actor: 'system', action: 'access.refusals_counted', details: this.#rest.details() })
    this.#kinds.clear()
    this.#rest = emptyRest()
    if (entries.length > 0) this.#write(entries)
  }

  #write(entries: readonly AuditEntry[]): void {
    const { database, logger } = this.#deps
    this.#writing = this.#writing
      .then(() =>
        database.transaction().execute(async (transaction) => {
          for (const entry of entries) await recordAudit(transaction, entry)
        }),
      )
      .catch((error: unknown) => {
        logger.error({ err: error, entries: entries.length }, 'refusals could not be written to the audit log')
      })
  }
}

function entryOf({ problem, where, principal, address }: Refusal, at: Date): AuditEntry {
  return {
    at,
    actor: principal?.user.username ?? 'unknown',
    action: 'access.refused',
    address,
    ...(principal ? { device: principal.device } : {}),
    details: { where, problem },
  }
}

function againOf({ entry, again, last }: Kind, at: Date): AuditEntry {
  return { ...entry, at, details: { ...entry.details, again, since: entry.at.toISOString(), last } }
}

/** What does not fit into a minute: how much of what, and which users were among it. */
function emptyRest() {
  const problems: Record<string, number> = {}
  const users = new Set<string>()
  let count = 0
  return {
    get count() {
      return count
    },
    add({ problem, principal }: Refusal) {
      count += 1
      problems[problem] = (problems[problem] ?? 0) + 1
      if (principal && users.size < MAX_NAMES) users.add(principal.user.username)
    },
    details: () => ({ count, problems: { ...problems }, users: [...users] }),
  }
}
