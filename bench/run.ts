import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.ts'
import { measureApprovals } from './approvals.ts'
import { measureFirstLoad } from './first-load.ts'
import { measureColdFirstText, measureWarmFirstText } from './first-text.ts'
import { type Figure, report } from './measure.ts'
import { measureRequests } from './requests.ts'
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
  'first-load': measureFirstLoad,
  warm: measureWarmFirstText,
  cold: measureColdFirstText,
  throughput: measureThroughput,
  approvals: measureApprovals,
}

const { values } = parseArgs({ options: { only: { type: 'string' }, output: { type: 'string' } } })
const chosen = values.only?.split(',') ?? Object.keys(PARTS)
const figures: Figure[] = []

await ensureBuilt()
for (const name of chosen) {
  const measure = PARTS[name]
  if (measure === undefined) throw new Error(`There is no part ${name}; there are ${Object.keys(PARTS).join(', ')}.`)
  // A workbench of its own for each part: none finds another's sessions or warmed-up processes.
  const workbench = await openWorkbench()
  try {
    process.stderr.write(`measuring ${name} ...\n`)
    figures.push(...[await measure(workbench)].flat())
  } finally {
    await workbench.close()
  }
}

const text = report(figures)
console.log(text)
if (values.output !== undefined) await writeFile(values.output, `${text}\n`)
if (figures.some(({ isReached }) => isReached === false)) process.exitCode = 1
