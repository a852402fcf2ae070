import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './run-command.ts'
import { browserScanners } from './scan/browser-scanners.ts'
import { fetchTools } from './scan/fetched-tools.ts'
import { packageScanners } from './scan/package-scanners.ts'
import { type Result, type Scanner, type Target, unanswered } from './scan/scanner.ts'
import { sourceScanners } from './scan/source-scanners.ts'
import { sqlScanner } from './scan/sql-scanner.ts'
import { startTarget } from './scan/target.ts'
import { webScanners } from './scan/web-scanners.ts'

/* Ready-made scanners against the built product. `npm run scan -- wapiti lighthouse` runs those whose name begins so. */

const SCANNERS: readonly Scanner[] = [...packageScanners, ...browserScanners, ...webScanners, sqlScanner, ...sourceScanners]
const REPORT = join(ROOT, 'scan-report.md')

interface Line extends Result {
  name: string
  seconds: number
}

async function runOne({ name, scan }: Scanner, target: Target): Promise<Line> {
  const startedAt = performance.now()
  const result = await scan(target).catch((error: unknown) => unanswered(error instanceof Error ? error.message : String(error)))
  const line = { ...result, name, seconds: Math.round((performance.now() - startedAt) / 1000) }
  console.log(`${line.outcome.padEnd(10)} ${name} (${String(line.seconds)} s): ${line.summary}`)
  return line
}

function reportOf(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ name, outcome, seconds, summary }) => `| ${name} | ${outcome} | ${String(seconds)} s | ${summary.replaceAll('|', '\\|')} |`,
  )
  const details = lines
    .filter(({ findings }) => findings.length > 0)
    .map(({ name, findings }) => `## ${name}\n\n${findings.map((each) => `- \`${each.replaceAll('`', "'")}\``).join('\n')}`)
  return [
    `# Scan of ${new Date().toISOString()}`,
    ['| Scanner | Outcome | Took | What |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...details,
  ]
    .join('\n\n')
    .concat('\n')
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const scanners = SCANNERS.filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.toLowerCase().startsWith(each)))
  const problem = await fetchTools()
  if (problem !== null) console.log(`Some tools could not be fetched: ${problem}`)
  const target = await startTarget()
  const lines: Line[] = []
  try {
    for (const scanner of scanners) lines.push(await runOne(scanner, target))
  } finally {
    await target.end()
  }
  await writeFile(REPORT, reportOf(lines))
  console.log(`\nThe findings are in scan-report.md.`)
  if (lines.some(({ outcome }) => outcome === 'fail')) process.exitCode = 1
}

await main()
