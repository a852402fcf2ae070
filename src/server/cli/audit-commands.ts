import { loadOrMakeAuditKey } from '../audit/audit-key.ts'
import { CheckpointFile } from '../audit/checkpoint-file.ts'
import { type ExportRange, exportEntries } from '../audit/export-entries.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { HOST_ACTOR, withData } from './open-data.ts'
import type { Output } from './output.ts'

/**
 * `audit verify`: checks the whole chain.
 * @returns 0, or 1 where it is broken
 */
export function verifyAudit(flags: Flags, { json }: { json: boolean }, { print, warn }: Output): Promise<number> {
  return withData(flags, async ({ config, database }) => {
    const key = loadOrMakeAuditKey(config.dataDirectory)
    const filed = await new CheckpointFile(config.dataDirectory).read()
    const verdict = await verifyChain({ database, publicKey: key.publicKey, filed, now: new Date() })
    if (json) print(JSON.stringify(verdict))
    else if (verdict.problem) warn(`Entry ${String(verdict.problem.seq)} ${verdict.problem.what}.`)
    else
      print(
        `All ${String(verdict.entries)} entries are as they were written; signed up to entry ${String(verdict.sealedTo)} with the key ${key.id}.`,
      )
    return verdict.ok ? 0 : 1
  })
}

/** `audit export`: JSON Lines on standard output. @returns the exit code */
export function exportAudit(flags: Flags, range: ExportRange, write: (text: string) => Promise<void>): Promise<number> {
  return withData(flags, async ({ database }) => {
    await recordAudit(database, { at: new Date(), actor: HOST_ACTOR, action: 'audit.exported', details: { ...range } })
    for await (const text of exportEntries(database, range)) await write(text)
    return 0
  })
}
