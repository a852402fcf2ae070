import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { loadOrMakeAuditKey } from '../../src/server/audit/audit-key.ts'
import { SegmentFiles } from '../../src/server/audit/segment-file.ts'
import { verifyChain } from '../../src/server/audit/verify-chain.ts'
import { findDamage, openDatabase } from '../../src/server/platform/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/*
 * `kill -9` in the middle of writes, two hundred times on one database: nothing that was acknowledged is lost.
 */

const KILLS = 200
const SCRIPT = join(import.meta.dirname, '..', 'support', 'killed-writer.ts')

/** The writer, loaded and waiting, so that the next is ready when the one before is dead. */
class Writer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #lines: string[] = []
  #errors = ''
  #rest = ''

  constructor(folder: string, key: Buffer) {
    this.#child = spawn(process.execPath, [SCRIPT, folder, key.toString('hex')], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.#rest}${text}`.split('\n')
      this.#rest = lines.pop() ?? ''
      this.#lines.push(...lines)
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
  }

  /** Lets it write, kills it at a moment of no meaning, and says what it found and what it acknowledged last. */
  async writeAndDie(): Promise<{ found: number; acknowledged: number }> {
    const closed = once(this.#child, 'close')
    this.#child.stdin.end('go\n')
    while (!this.#lines.some((line) => line.startsWith('opened'))) {
      if (this.#child.exitCode !== null) throw new Error(`The writer ended: ${this.#errors}`)
      await delay(2)
    }
    await delay(randomInt(0, 40))
    this.kill()
    await closed
    const found = Number(this.#lines.find((line) => line.startsWith('opened'))?.split(' ')[1])
    const acknowledged = this.#lines.filter((line) => /^\d+$/.test(line)).map(Number)
    return { found, acknowledged: acknowledged.at(-1) ?? found }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

test('of what was acknowledged before two hundred kills nothing is lost, and the audit chain holds', { timeout: 240_000 }, async () => {
  const folder = await temporaryFolder()
  const key = randomBytes(32)
  const path = join(folder, 'log.db')
  await (await openDatabase(path, key)).destroy()
  let next = new Writer(folder, key)
  onTestFinished(() => {
    next.kill()
  })
  let acknowledged = 0
  let killedWhileWriting = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const writer = next
    next = new Writer(folder, key)
    const death = await writer.writeAndDie()
    // At most the one that was committed and not yet told may be there beside.
    expect(death.found).toBeGreaterThanOrEqual(acknowledged)
    expect(death.found).toBeLessThanOrEqual(acknowledged + 1)
    if (death.acknowledged > death.found) killedWhileWriting += 1
    acknowledged = death.acknowledged
  }

  expect(killedWhileWriting).toBeGreaterThan(KILLS / 2)
  const database = await openDatabase(path, key, 'as-is')
  onTestFinished(() => database.destroy())
  expect(await findDamage(database)).toBeNull()
  const { publicKey } = loadOrMakeAuditKey(folder)
  const verdict = await verifyChain({ database, publicKey, filed: [], segments: new SegmentFiles(folder), now: new Date() })
  expect(verdict.problem).toBeNull()
  expect([acknowledged, acknowledged + 1]).toContain(verdict.entries)
  const newest = await database.selectFrom('installation').select('value').where('name', 'like', 'decision-%').execute()
  expect(Math.max(...newest.map(({ value }) => Number(value)))).toBe(verdict.entries)
})
