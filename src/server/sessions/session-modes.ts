import type { Kysely } from 'kysely'
import type { SessionId } from '#protocol/ids'
import { type AgentMode, agentModeOf, DEFAULT_MODE_MINUTES, type PermissionMode } from '#protocol/providers'
import type { EventOf } from '#protocol/session-events'
import type { Principal } from '../http/principal.ts'
import { type AuditEntry, recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/schema.ts'
import type { AgentPool } from './agent-pool.ts'
import { type ModePlace, placeOf } from './mode-place.ts'
import type { SessionRow } from './session-repository.ts'
import type { Skipping } from './skipping.ts'
import type { SessionWriters } from './session-writers.ts'

export interface SessionModesDeps {
  database: Kysely<Tables>
  clock: Clock
  writers: SessionWriters
  pool: AgentPool
  skipping: Skipping
  /** Throws ForbiddenError where the principal may not choose the mode. */
  checkMode: (principal: Principal, mode: AgentMode) => void
  /** Throws ForbiddenError or StepUpRequiredError where the principal may not let the session skip approvals. */
  checkSkipping: (principal: Principal, place: ModePlace) => Promise<void>
}

interface WantedMode {
  mode: PermissionMode
  /** For how long, where approvals are to be skipped. */
  minutes: number | undefined
}

/** Puts sessions into modes: who may, until when, and what is told of it. */
export class SessionModes {
  readonly #deps: SessionModesDeps

  constructor(deps: SessionModesDeps) {
    this.#deps = deps
  }

  /** @throws ForbiddenError | StepUpRequiredError where the principal may not choose the mode there */
  async check(principal: Principal, mode: PermissionMode, place: ModePlace): Promise<void> {
    if (mode === 'bypassPermissions') await this.#deps.checkSkipping(principal, place)
    else this.#deps.checkMode(principal, mode)
  }

  /** When the mode would end if it began now; null for one without an end. */
  endOf({ mode, minutes = DEFAULT_MODE_MINUTES }: WantedMode): string | null {
    return mode === 'bypassPermissions' ? new Date(this.#deps.clock.now().getTime() + minutes * 60_000).toISOString() : null
  }

  /** A person's choice that was checked before; the agent learns of it where it runs. @throws AgentUnavailableError */
  async choose(row: SessionRow, wanted: WantedMode, principal: Principal): Promise<void> {
    const { writers, pool, skipping, database, clock } = this.#deps
    const writer = await writers.get(row.id)
    const before = writer.summary.mode
    const { mode } = wanted
    const until = this.endOf(wanted)
    const event: EventOf<'session.updated'> = { v: 1, kind: 'session.updated', mode, modeUntil: until }
    const audit = modeChange(principal, { at: clock.now(), sessionId: row.id, mode, before, until })
    // Asking again does not wait for the agent, skipping does.
    if (before === 'bypassPermissions') writer.append(event, audit)
    await (await pool.find(row.id))?.setMode(agentModeOf(mode))
    if (before !== 'bypassPermissions') {
      // A running agent tells of its modes itself.
      if (writer.summary.mode === mode) await recordAudit(database, audit)
      else writer.append(event, audit)
    }
    if (until === null) skipping.forget(row.id)
    else await skipping.begin(placeOf(row), until, principal)
  }
}

interface ModeChange {
  at: Date
  sessionId: SessionId
  mode: PermissionMode
  before: PermissionMode | null
  until: string | null
}

/** What the audit log says of a person's choice of mode. */
export function modeChange({ user, device }: Principal, { at, sessionId, mode, before, until }: ModeChange): AuditEntry {
  const details = { sessionId, mode, ...(before === null ? {} : { before }), until }
  return { at, actor: user.username, device, action: 'session.mode_changed', subject: sessionId, details }
}
