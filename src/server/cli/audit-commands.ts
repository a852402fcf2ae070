import { type AuditKey, fingerprintOf, loadAuditKey } from '../audit/audit-key.ts'
import { AuditSealer } from '../audit/audit-sealer.ts'
import { CheckpointFile } from '../audit/checkpoint-file.ts'
import { type ExportRange, exportAll, exportEntries } from '../audit/export-entries.ts'
import { SegmentFiles } from '../audit/segment-file.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { systemClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { HOST_ACTOR, NoDataError, readOwnConfig, withData } from './open-data.ts'
import type { Output } from './output.ts'

/**
 * `audit verify`: checks the whole chain.
 * @returns 0, or 1 where it is broken
 */
export function verifyAudit(flags: Flags, { json }: { json: boolean }, { print, warn }: Output): Promise<number> {
  return withData(flags, async ({ config, database }) => {
    const key = keyOf(config.dataDirectory)
    const filed = await new CheckpointFile(config.dataDirectory).read()
    const segments = new SegmentFiles(config.dataDirectory)
    const verdict = await verifyChain({ database, publicKey: key.publicKey, filed, segments, now: new Date() })
    if (json) print(JSON.stringify(verdict))
    else if (verdict.problem) warn(`Entry ${String(verdict.problem.seq)} ${verdict.problem.what}.`)
    else print(`All ${String(verdict.entries)} entries are as they were written; signed up to entry ${String(verdict.sealedTo)}.`)
    if (!json) print(fingerprintLine(key))
    return verdict.ok ? 0 : 1
  })
}

/** `audit export`: JSON Lines on standard output. @returns the exit code */
export function exportAudit(
  flags: Flags,
  { all, from, to }: ExportRange & { all: boolean },
  write: (text: string) => Promise<void>,
): Promise<number> {
  return withData(flags, async ({ config, database }) => {
    const { dataDirectory } = config
    const key = keyOf(dataDirectory)
    const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
    await recordAudit(database, { at: new Date(), actor: HOST_ACTOR, action: 'audit.exported', details: all ? { all } : range })
    const logger = await createLogger('silent', 'json')
    const segments = new SegmentFiles(dataDirectory)
    await new AuditSealer({ database, clock: systemClock, logger, key, file: new CheckpointFile(dataDirectory), segments }).seal()
    const lines = all ? exportAll(database, segments) : exportEntries(database, range)
    for await (const text of lines) await write(text)
    return 0
  })
}

/** `audit public-key`: the key as PEM (SPKI) on standard output, its fingerprint beside it. @throws NoDataError */
export async function printAuditKey(flags: Flags, { print, warn }: Output): Promise<number> {
  const key = keyOf(readOwnConfig(flags).dataDirectory)
  print(key.publicKey.export({ type: 'spki', format: 'pem' }).toString().trimEnd())
  warn(fingerprintLine(key))
  return 0
}

/** Never a new one: it would only make every checkpoint look forged. @throws NoDataError */
function keyOf(dataDirectory: string): AuditKey {
  const key = loadAuditKey(dataDirectory)
  if (key === null) throw new NoDataError(`The key of the audit log in ${dataDirectory}`)
  return key
}

function fingerprintLine({ publicKey }: AuditKey): string {
  return `The public key's fingerprint (SHA-256) is ${fingerprintOf(publicKey)}.`
}
