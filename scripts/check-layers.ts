import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { ROOT } from './run-command.ts'

export interface LayerReport {
  moduleCount: number
  violations: { rule: string; from: string; to: string }[]
}

/** Checks the imports under `folders` of the repository at `root` against the walls in .dependency-cruiser.cjs. */
export async function cruiseLayers(root: string, folders: readonly string[]): Promise<LayerReport> {
  const options = await extractOptions(join(ROOT, '.dependency-cruiser.cjs'))
  const { output } = await cruise([...folders], { ...options, baseDir: root })
  if (typeof output === 'string') throw new Error(`dependency-cruiser did not report: ${output}`)
  return {
    moduleCount: output.summary.totalCruised,
    violations: output.summary.violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to })),
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
