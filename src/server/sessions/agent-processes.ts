import type { Kysely } from 'kysely'
import type { SessionId } from '#protocol/ids'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { killMarked } from '../platform/marked-processes.ts'
import { endProcessGroup, processBirth } from '../platform/process-identity.ts'
import type { Tables } from '../platform/schema.ts'
import type { AgentProcess } from '../providers/provider.ts'

/** An agent in the middle of a retry takes some seconds to heed SIGTERM. */
const REAP_GRACE_MS = 3000

export interface AgentProcessesDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
}

/** The agents' processes as the database knows them, so that none outlives a server that died. */
export class AgentProcesses {
  readonly #deps: AgentProcessesDeps

  constructor(deps: AgentProcessesDeps) {
    this.#deps = deps
  }

  async record(sessionId: SessionId, { pid, command, mark }: AgentProcess): Promise<void> {
    const birth = await processBirth(pid)
    // It may be gone already; then there is nothing to find later.
    if (birth === null) return
    const startedAt = this.#deps.clock.now().toISOString()
    await this.#deps.database
      .insertInto('agent_processes')
      .values({ pid, birth, session_id: sessionId, command, mark: mark ?? null, started_at: startedAt })
      .onConflict((conflict) => conflict.columns(['pid', 'birth']).doNothing())
      .execute()
  }

  async forget(pid: number): Promise<void> {
    await this.#deps.database.deleteFrom('agent_processes').where('pid', '=', pid).execute()
  }

  /** Ends what an earlier server left behind. To be awaited before anything resumes. */
  async reapLeftovers(): Promise<void> {
    const leftovers = await this.#deps.database.selectFrom('agent_processes').selectAll().execute()
    await Promise.all(
      leftovers.map(async ({ pid, birth, mark, session_id: sessionId }) => {
        await endProcessGroup(pid, birth, REAP_GRACE_MS)
        // Its commands run in groups of their own and outlive it when it was killed.
        if (mark !== null) await killMarked(mark)
        this.#deps.logger.info({ pid, sessionId }, 'agent of an earlier server reaped')
      }),
    )
    if (leftovers.length > 0) await this.#deps.database.deleteFrom('agent_processes').execute()
  }
}
