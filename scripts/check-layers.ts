import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT, runCommand } from './run-command.ts'

const Report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string(), severity: z.string() }) })),
  }),
})

export interface LayerReport {
  moduleCount: number
  violations: { rule: string; from: string; to: string }[]
}

/** Checks the imports under `folders` of `root` against the walls. @throws Error when the tool itself fails */
export async function cruiseLayers(root: string, folders: readonly string[]): Promise<LayerReport> {
  const config = join(ROOT, '.dependency-cruiser.cjs')
  const tool = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const { output } = await runCommand([process.execPath, tool, ...folders, '--config', config, '--output-type', 'json'], { cwd: root })
  if (!output.startsWith('{')) throw new Error(`dependency-cruiser did not report: ${output}`)
  const { summary } = Report.parse(JSON.parse(output))
  return {
    moduleCount: summary.totalCruised,
    violations: summary.violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to })),
  }
}

async function main(): Promise<void> {
  const { moduleCount, violations } = await cruiseLayers(ROOT, ['src', 'test', 'scripts', 'bin'])
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`)
  // With a compiler that it cannot use, the tool finds no module at all and reports success.
  if (moduleCount < 20) console.error(`Only ${moduleCount} modules were seen, so the check is worth nothing.`)
  if (violations.length > 0 || moduleCount < 20) process.exitCode = 1
  else console.log(`${moduleCount} modules, every wall holds.`)
}

if (import.meta.main) await main()
