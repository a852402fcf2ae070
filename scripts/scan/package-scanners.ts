import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT } from '../run-command.ts'
import { passIf, type Result, runBounded, type Scanner, unanswered } from './scanner.ts'

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ license: z.optional(z.string()), dev: z.optional(z.boolean()), deprecated: z.optional(z.string()) }),
  ),
})
/** What may be shipped beside our own licence without more than its notice. */
const FREE =
  /^\(?(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|MPL-2\.0|Python-2\.0|CC-BY-4\.0|\)| |OR|AND|\()+$/
/** Proprietary and optional; the product works without it, and the README says so. */
const KNOWN = 'node_modules/@anthropic-ai/'

async function licences(): Promise<Result> {
  const { packages } = Lockfile.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')))
  const used = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  const others = used.filter(([path, { license = 'none' }]) => !FREE.test(license) && !path.startsWith(KNOWN))
  const findings = others.map(([path, { license = 'none' }]) => `${path}: ${license}`)
  return passIf(others.length === 0, `${String(used.length)} packages of the lockfile that are more than tools.`, findings)
}

const Audit = z.object({
  metadata: z.object({ vulnerabilities: z.object({ total: z.number() }) }),
  vulnerabilities: z.record(z.string(), z.unknown()),
})

/** No snapshot is kept in the repository: an old one would say "clean" with more authority than it has. */
async function advisories(): Promise<Result> {
  const { packages } = Lockfile.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')))
  const deprecated = Object.entries(packages).flatMap(([path, { deprecated: why }]) =>
    why === undefined ? [] : [`${path} is deprecated: ${why}`],
  )
  const { output } = await runBounded(['npm', 'audit', '--json'], 60)
  const audit = parseAudit(output)
  if (audit === null)
    return {
      ...unanswered('The registry answered no question about advisories, so nothing is known. Ask again where it does.'),
      findings: deprecated,
    }
  const names = Object.keys(audit.vulnerabilities).map((name) => `${name} has an advisory`)
  return passIf(
    audit.metadata.vulnerabilities.total === 0,
    `${String(audit.metadata.vulnerabilities.total)} advisories for the lockfile.`,
    [...names, ...deprecated],
  )
}

function parseAudit(output: string): z.infer<typeof Audit> | null {
  try {
    const audit = Audit.safeParse(JSON.parse(output))
    return audit.success ? audit.data : null
  } catch {
    return null
  }
}

export const packageScanners: readonly Scanner[] = [
  { name: 'licences', scan: licences },
  { name: 'advisories', scan: advisories },
]
