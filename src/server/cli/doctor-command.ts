import { existsSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditState, AuditVerdict } from '#protocol/audit'
import type { Posture } from '#protocol/posture'
import { loadAuditKey } from '../audit/audit-key.ts'
import { CheckpointFile } from '../audit/checkpoint-file.ts'
import { SegmentFiles } from '../audit/segment-file.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import { type Config, ConfigError, type Flags, ownEnvironment, readConfig } from '../config.ts'
import type { Installation, ProcessFacts } from '../doctor/installation.ts'
import { findManager, placeOf } from '../doctor/place.ts'
import { LiveServer } from '../doctor/probe/live-server.ts'
import { processFacts } from '../doctor/probe/process-facts.ts'
import { runTool } from '../doctor/probe/run-tool.ts'
import { CHECKS } from '../doctor/registry.ts'
import { doctorReport } from '../doctor/report.ts'
import { lookAt, postureOf } from '../doctor/run-checks.ts'
import { recordExamination } from '../doctor/record-examination.ts'
import { systemClock } from '../platform/clock.ts'
import { readHolder } from '../platform/data-folder.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { loadKey } from '../platform/key-store.ts'
import { parseCommand } from './arguments.ts'
import { openAgentCage } from './open-agent-cage.ts'
import { HOST_ACTOR, readOwnConfig } from './open-data.ts'
import { writeFully } from './output.ts'

interface Product {
  packageRoot: string
  version: string
}

/**
 * `doctor`: looks at the installation, beside a server that runs on it or without one. Changes nothing but modes of key
 * files, which opening the database narrows, after they were looked at; and it is recorded that somebody looked.
 * @returns 0, or 1 where a check fails
 * @throws ConfigError
 */
export async function runDoctor(flags: Flags, { json }: { json: boolean }, product: Product): Promise<number> {
  process.umask(0o077)
  const installation = await findInstallation(flags, product)
  const posture = await examine(installation)
  const { NO_COLOR, TERM } = ownEnvironment()
  const isPlain = !process.stdout.isTTY || (NO_COLOR ?? '') !== '' || TERM === 'dumb'
  await writeFully(json ? `${JSON.stringify(posture, null, 2)}\n` : doctorReport(posture, placesOf(installation), { isPlain }))
  return posture.counts.fail > 0 ? 1 : 0
}

/** Files first: opening the database narrows key files, and that must not make them look well kept. */
async function examine(installation: Installation): Promise<Posture> {
  const isAboutFiles = ({ area }: { area: string }) => area === 'files'
  const early = await lookAt(CHECKS.filter(isAboutFiles), installation)
  const opened = await openOrTell(installation.config)
  const whole: Installation = { ...installation, ...opened, ...auditOf(installation.config, opened.database, installation.now) }
  try {
    const late = await lookAt(
      CHECKS.filter((check) => !isAboutFiles(check)),
      whole,
    )
    const found = new Map([...early, ...late].map((item) => [item.id, item]))
    const posture = postureOf(
      CHECKS.flatMap(({ id }) => found.get(id) ?? []),
      whole,
    )
    if (opened.database) await recordExamination(opened.database, systemClock, posture, { actor: HOST_ACTOR })
    return posture
  } finally {
    await opened.database?.destroy()
  }
}

async function findInstallation(flags: Flags, product: Product): Promise<Installation> {
  const own = readOwnConfig(flags)
  const running = runningOn(own.dataDirectory)
  const facts = running === null ? null : await processFacts(running.pid)
  const theirs = facts === null ? null : configOf(facts, own.dataDirectory)
  const config = theirs ?? own
  const server = running?.url ? new LiveServer(running.url, running.pid) : null
  const uid = facts === null ? null : facts.uid
  const { packageRoot } = product
  const { dataDirectory } = config
  return {
    ...product,
    config,
    isOwnConfig: theirs !== null,
    nodeVersion: await nodeOf(facts),
    now: new Date(),
    database: null,
    databaseProblem: 'the database was not opened.',
    server,
    process: facts,
    place: placeOf(findManager(running === null ? null : running.pid), { dataDirectory, port: portOf(server, config), packageRoot, uid }),
    isolation: () => tryCage(config, packageRoot, uid),
    auditVerdict: () => Promise.resolve(null),
    auditForward: () => Promise.resolve(null),
  }
}

/** The version of the Node that the server runs on, or would run on. */
async function nodeOf(facts: ProcessFacts | null): Promise<string | null> {
  if (facts === null) return process.version
  const program = await readlink(`/proc/${String(facts.pid)}/exe`).catch(() => null)
  if (program === process.execPath) return process.version
  return program === null ? null : ((await runTool(program, ['--version']))?.trim() ?? null)
}

/** Who holds the data folder, where it still lives. */
function runningOn(dataDirectory: string): { pid: number; url: string | null } | null {
  const holder = readHolder(join(dataDirectory, 'server.json'))
  return holder !== null && isAlive(holder.pid) ? holder : null
}

function portOf(server: LiveServer | null, { port }: Config): number {
  return server === null ? port : Number(server.url.port)
}

/** The settings that the running server read when it started; null where they cannot be made out. */
function configOf({ command, environment, workingDirectory }: ProcessFacts, dataDir: string): Config | null {
  const words = command.slice(command.findIndex((word) => /\.(?:[cm]?js|ts)$/.test(word)) + 1)
  const parsed = parseCommand(words)
  if (parsed.name !== 'start' || environment === null || workingDirectory === null) return null
  try {
    return readConfig({ ...parsed.flags, dataDir }, { ...environment }, workingDirectory)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

/** Whether agents are kept from the keys is tried as the server would, which another user than the server's cannot. */
async function tryCage(config: Config, packageRoot: string, uid: number | null): ReturnType<Installation['isolation']> {
  const own = process.getuid?.() ?? null
  if (uid !== null && own !== null && uid !== own)
    throw new Error(`the server runs as user ${String(uid)} and doctor as ${String(own)}; run doctor as the same user`)
  try {
    return await openAgentCage(config, packageRoot)
  } catch (error) {
    return { isolation: 'none', explanation: error instanceof Error ? error.message : String(error) }
  }
}

async function openOrTell(config: Config): Promise<Pick<Installation, 'database' | 'databaseProblem'>> {
  const { databasePath, dataDirectory, encryptionKey } = config
  if (!existsSync(databasePath)) return { database: null, databaseProblem: `there is no ${databasePath} yet.` }
  try {
    const key = encryptionKey ?? loadKey(dataDirectory, 'database')
    if (key === null) return { database: null, databaseProblem: `the key of the database is not in ${dataDirectory}.` }
    return { database: await openDatabase(databasePath, key, 'as-is'), databaseProblem: '' }
  } catch (error) {
    return { database: null, databaseProblem: error instanceof Error ? error.message : String(error) }
  }
}

function auditOf(
  { dataDirectory, auditForward }: Config,
  database: Database | null,
  now: Date,
): Pick<Installation, 'auditVerdict' | 'auditForward'> {
  return {
    auditVerdict: () => verdictOf(dataDirectory, database, now),
    auditForward: async () => (auditForward === null || database === null ? null : forwardState(database)),
  }
}

async function verdictOf(dataDirectory: string, database: Database | null, now: Date): Promise<AuditVerdict | null> {
  const key = loadAuditKey(dataDirectory)
  if (database === null || key === null) return null
  const filed = await new CheckpointFile(dataDirectory).read()
  return verifyChain({ database, publicKey: key.publicKey, filed, segments: new SegmentFiles(dataDirectory), now })
}

/** As the database tells of it; whether it fails at the moment only the server knows. */
async function forwardState(database: Database): Promise<AuditState['forward']> {
  const row = await database.selectFrom('audit_forwards').selectAll().orderBy('at', 'desc').limit(1).executeTakeFirst()
  const last = await database.selectFrom('audit_log').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (row === undefined) return null
  return { target: row.target, seq: row.seq, behind: Math.max(0, (last?.seq ?? 0) - row.seq), failing: null }
}

function placesOf({ server, config: { dataDirectory } }: Installation): string[] {
  const where = server === null ? 'no server runs' : `${server.url.origin} (process ${String(server.pid)})`
  return [where, dataDirectory]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Of another user: there is one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
