import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import * as z from 'zod/mini'
import { toolPath } from './fetched-tools.ts'
import { passIf, type Result, runBounded, type Scanner, type Target, unanswered } from './scanner.ts'

const Observatory = z.object({
  scan: z.object({ grade: z.string(), score: z.number() }),
  tests: z.record(z.string(), z.object({ pass: z.boolean(), result: z.string(), scoreModifier: z.number() })),
})
/** What only TLS and a public name can answer. */
const NEEDS_TLS = ['strict-transport-security', 'redirection']

async function observatory({ host }: Target): Promise<Result> {
  const { output } = await runBounded([toolPath('mdn-http-observatory-scan'), host], 90)
  const parsed = parse(Observatory, output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))
  if (!parsed) return unanswered(`It could not look: ${output.trim().slice(0, 200)}`)
  const { scan, tests } = parsed
  const failed = Object.entries(tests).filter(([, { pass }]) => !pass)
  const counted = failed.filter(([name]) => !NEEDS_TLS.includes(name))
  const findings = Object.entries(tests).map(([name, { result, scoreModifier }]) => `${name}: ${result} (${String(scoreModifier)})`)
  const others = Object.entries(tests).filter(([name]) => !NEEDS_TLS.includes(name))
  const behindTls = others.reduce((sum, [, { scoreModifier }]) => sum + scoreModifier, 100)
  const summary = `Grade ${scan.grade} over plain HTTP; behind TLS with HSTS and a redirection the same answers make ${String(behindTls)} points.`
  return passIf(counted.length === 0 && behindTls >= 125, summary, findings)
}

const Lighthouse = z.object({
  categories: z.record(z.string(), z.object({ score: z.nullable(z.number()) })),
  audits: z.record(z.string(), z.object({ title: z.string(), score: z.nullable(z.number()), scoreDisplayMode: z.string() })),
})

async function lighthouse({ url, folder }: Target): Promise<Result> {
  const report = join(folder, 'lighthouse.json')
  const chrome = process.env.CHROME_PATH ?? process.env.BROWSER_PATH ?? (await systemChrome())
  const { output } = await runBounded(
    [
      ...['env', `CHROME_PATH=${chrome}`, toolPath('lighthouse'), `${url}/`, '--only-categories=best-practices,accessibility', '--quiet'],
      ...['--output=json', `--output-path=${report}`, '--chrome-flags=--headless --no-sandbox'],
    ],
    120,
  )
  const parsed = parse(Lighthouse, await readFile(report, 'utf8').catch(() => ''))
  if (!parsed) return unanswered(`It could not look: ${output.trim().slice(-200)}`)
  const scores = Object.entries(parsed.categories).map(([name, { score }]) => `${name} ${String(Math.round((score ?? 0) * 100))}`)
  const failed = Object.values(parsed.audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === 'binary' && score === 0)
  return passIf(
    Object.values(parsed.categories).every(({ score }) => (score ?? 0) >= 0.95),
    `${scores.join(', ')} of 100, on the sign-in page.`,
    failed.map(({ title }) => title),
  )
}

/** The system's own browser where there is one, else the one that the tests use. */
async function systemChrome(): Promise<string> {
  const { exitCode, output } = await runBounded(['which', 'chromium'], 5)
  return exitCode === 0 ? output.trim() : chromium.executablePath()
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // Told as unanswered.
    return null
  }
}

export const browserScanners: readonly Scanner[] = [
  { name: 'HTTP Observatory', scan: observatory },
  { name: 'Lighthouse', scan: lighthouse },
]
