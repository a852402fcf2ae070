import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.ts'
import { measureApprovals } from './approvals.ts'
import { measureAudit } from './audit.ts'
import { measureFirstLoad } from './first-load.ts'
import { measureColdFirstText, measureWarmFirstText } from './first-text.ts'
import { measureGate } from './gate.ts'
import { measureLogins } from './logins.ts'
import { type Figure, report } from './measure.ts'
import { measureRequests } from './requests.ts'
import { measureSockets } from './sockets.ts'
import { measureStartup } from './startup.ts'
import { measureThroughput } from './throughput.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

/*
 * Measures what speed is promised and prints it as a Markdown table. Every ratio is taken against its floor in the same run.
 *   npm run bench                                  everything, some five minutes
 *   npm run bench -- --only warm,approvals         parts of it
 *   npm run bench -- --output figures.md           also into a file
 * Exits with 1 where a figure was missed. Wants a machine that does nothing else.
 */

const PARTS: Readonly<Record<string, (workbench: Workbench) => Promise<Figure | Figure[]>>> = {
  startup: measureStartup,
  requests: measureRequests,
  logins: measureLogins,
  'first-load': measureFirstLoad,
  warm: measureWarmFirstText,
  cold: measureColdFirstText,
  throughput: measureThroughput,
  approvals: measureApprovals,
  audit: measureAudit,
  gate: measureGate,
  sockets: measureSockets,
}

const { values } = parseArgs({ options: { only: { type: 'string' }, output: { type: 'string' } } })
const chosen = values.only?.split(',') ?? Object.keys(PARTS)
const unknown = chosen.filter((name) => PARTS[name] === undefined)
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`)

await ensureBuilt()
const figures: Figure[] = []
for (const name of chosen) {
  process.stderr.write(`measuring ${name} ...\n`)
  figures.push(...(await measurePart(name)))
}
const text = report(figures)
console.log(text)
if (values.output !== undefined) await writeFile(values.output, `${text}\n`)
if (figures.some(({ isReached }) => isReached === false)) process.exitCode = 1

/** A part on a workbench of its own, so that none finds another's sessions. A part that breaks is a miss and costs no other part. */
async function measurePart(name: string): Promise<Figure[]> {
  const workbench = await openWorkbench()
  try {
    return [(await PARTS[name]?.(workbench)) ?? []].flat()
  } catch (error) {
    return [{ name, measured: 'failed', target: 'to be measured', isReached: false, remark: String(error) }]
  } finally {
    await workbench.close()
  }
}
