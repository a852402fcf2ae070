import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { ROOT } from '../scripts/run-command.ts'
import { CHAIN_START, entryHash } from '../src/server/platform/audit-chain.ts'
import { recordAudit } from '../src/server/platform/audit-log.ts'
import { type Database, openDatabase } from '../src/server/platform/database.ts'
import { Child } from './child.ts'
import { type Figure, median, percentile, spread } from './measure.ts'
import { DATABASE_KEY, dataDirectory, launchProduct, post, type Product, signIn, startProduct } from './product.ts'
import { plainEnvironment, type Workbench } from './workbench.ts'

const IN_SERVER = 100_000
const IN_ALL = 1_000_000
const BATCH = 5000
const RUNS = 5
const APPENDS = 2000
const LOOP_LIMIT_MS = 50
const VERIFY_LIMIT_MS = 20_000
const APPEND_LIMIT_MS = 1

/** Checking the chain, in the server and beside it, and what an entry costs the transaction that it belongs to. */
export async function measureAudit(workbench: Workbench): Promise<Figure[]> {
  const first = await startProduct(workbench)
  await signIn(first, workbench)
  await first.stop()
  await fill(workbench, IN_SERVER)
  const held = await measureLoop(workbench)
  const append = await measureAppends(workbench)
  await fill(workbench, IN_ALL)
  return [held, append, await measureVerification(workbench)]
}

function open(workbench: Workbench): Promise<Database> {
  return openDatabase(join(dataDirectory(workbench), 'ai-code-ui.db'), Buffer.from(DATABASE_KEY, 'hex'))
}

/** Continues the chain up to an entry. */
async function fill(workbench: Workbench, entries: number): Promise<void> {
  const database = await open(workbench)
  const last = await database.selectFrom('audit_log').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  let prev = last?.hash ?? CHAIN_START
  for (let seq = (last?.seq ?? 0) + 1; seq <= entries; seq += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, entries - seq + 1) }, (_, index) => {
      const row = chained(seq + index, prev)
      prev = row.hash
      return row
    })
    await sql`insert into audit_log (seq, id, at, actor, action, subject, address, device, details, prev, hash)
      select value ->> 'seq', value ->> 'id', value ->> 'at', value ->> 'actor', value ->> 'action', value ->> 'subject',
        value ->> 'address', value ->> 'device', value ->> 'details', value ->> 'prev', value ->> 'hash'
      from json_each(${JSON.stringify(rows)})`.execute(database)
  }
  await database.destroy()
}

/** As long as a decision's entry. */
function chained(seq: number, prev: string) {
  const number = String(seq).padStart(12, '0')
  const entry = {
    seq,
    id: `aud_bench${number}`,
    at: new Date(1_780_000_000_000 + seq * 1000).toISOString(),
    actor: 'bench',
    action: 'approval.allowed',
    subject: `123e4567-e89b-42d3-a456-${number}`,
    address: null,
    device: 'Firefox on Linux',
    details: `{"inputHash":"${prev}","latencyMs":${seq % 5000},"sessionId":"ses_bench","toolCallId":"toolu_${number}","toolName":"Bash"}`,
    prev,
  }
  return { ...entry, hash: entryHash(entry) }
}

async function measureLoop(workbench: Workbench): Promise<Figure> {
  const probe = join(import.meta.dirname, 'loop-delay.ts')
  const product = await launchProduct(workbench, { NODE_OPTIONS: `--import ${probe}` })
  await product.child.nextLine()
  const { token } = await signIn(product, workbench)
  const held: number[] = []
  const took: number[] = []
  const idle: number[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    await longestDelay(product)
    const before = performance.now()
    const answer = await post(product, '/api/audit/verification', {}, { authorization: `Bearer ${token}` })
    const text = await answer.text()
    if (!answer.ok || !text.includes('"ok":true')) throw new Error(`The log was not found whole: ${text}`)
    // The first lets the compiler warm up.
    if (run === 0) continue
    took.push(performance.now() - before)
    held.push(await longestDelay(product))
    // As long again without any work: what the machine alone holds up.
    await setTimeout(performance.now() - before)
    idle.push(await longestDelay(product))
  }
  await product.stop()
  return {
    name: 'audit: longest that verification in the server holds up the event loop',
    measured: spread(held, 'ms'),
    target: `median < ${LOOP_LIMIT_MS} ms`,
    isReached: median(held) < LOOP_LIMIT_MS,
    remark: `${IN_SERVER} entries, verified in ${spread(took, 'ms')}, n = ${RUNS}; idle for as long ${spread(idle, 'ms')}`,
  }
}

async function longestDelay({ child }: Product): Promise<number> {
  child.process.kill('SIGUSR2')
  for (;;) {
    const [, milliseconds] = /^loop-delay (.+)$/.exec(await child.nextLine()) ?? []
    if (milliseconds !== undefined) return Number(milliseconds)
  }
}

/** The entry alone and the whole transaction around it, on a log that is long already. */
async function measureAppends(workbench: Workbench): Promise<Figure> {
  const database = await open(workbench)
  const appends: number[] = []
  const transactions: number[] = []
  for (let run = 0; run < APPENDS; run += 1) {
    const began = performance.now()
    await database.transaction().execute(async (transaction) => {
      const before = performance.now()
      await recordAudit(transaction, {
        at: new Date(),
        actor: 'bench',
        action: 'approval.allowed',
        subject: `req_${run}`,
        device: 'Firefox on Linux',
        details: { sessionId: 'ses_bench', toolName: 'Bash', inputHash: CHAIN_START, latencyMs: run, command: 'git log --oneline -20' },
      })
      appends.push(performance.now() - before)
    })
    transactions.push(performance.now() - began)
  }
  await database.destroy()
  return {
    name: 'audit: one entry, inside a transaction',
    measured: `median ${median(appends).toFixed(2)} ms, p95 ${percentile(appends, 95).toFixed(2)} ms`,
    target: `median < ${APPEND_LIMIT_MS} ms`,
    isReached: median(appends) < APPEND_LIMIT_MS,
    remark: `redacted, hashed and inserted after ${IN_SERVER} others; the transaction with its commit ${median(transactions).toFixed(2)} ms, n = ${APPENDS}`,
  }
}

async function measureVerification(workbench: Workbench): Promise<Figure> {
  const times: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const before = performance.now()
    const child = new Child([process.execPath, join(ROOT, 'bin', 'ai-code-ui.js'), 'audit', 'verify'], {
      ...plainEnvironment(),
      DATA_DIR: dataDirectory(workbench),
      ENCRYPTION_KEY: DATABASE_KEY,
    })
    const line = await child.nextLine()
    times.push(performance.now() - before)
    await child.stop()
    if (!line.includes(`All ${IN_ALL} entries`)) throw new Error(`The log was not found whole: ${line}`)
  }
  return {
    name: 'audit: ai-code-ui audit verify',
    measured: spread(
      times.map((time) => time / 1000),
      's',
    ),
    target: `< ${VERIFY_LIMIT_MS / 1000} s`,
    isReached: Math.max(...times) < VERIFY_LIMIT_MS,
    remark: `${IN_ALL} entries, a process of its own from its start on, n = ${times.length}, the worst counts`,
  }
}
