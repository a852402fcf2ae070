import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT } from './run-command.ts'

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ resolved: z.optional(z.string()), optionalDependencies: z.optional(z.record(z.string(), z.string())) }),
  ),
})
type Packages = z.infer<typeof Lockfile>['packages']

/**
 * What is wrong with a lockfile, as sentences.
 * A registry that lacks the package of another platform makes npm leave it out, and then `npm ci` fails everywhere.
 */
export function findLockfileMistakes(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, { resolved, optionalDependencies = {} }]) => [
    ...(resolved?.startsWith('http') ? [`${path} names the host it came from; .npmrc keeps those out.`] : []),
    ...Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `${path || 'the project'} may need ${name}, which the lockfile does not have.`),
  ])
}

/** Whether `name` is found from `path`, as Node looks for it: beside it, then in each folder above. */
function isLocked(packages: Packages, path: string, name: string): boolean {
  if (packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`]) return true
  const end = path.lastIndexOf('node_modules/')
  return end >= 0 && isLocked(packages, path.slice(0, Math.max(0, end - 1)), name)
}

async function main(): Promise<void> {
  const { packages } = Lockfile.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')))
  const mistakes = findLockfileMistakes(packages)
  for (const mistake of mistakes) console.error(mistake)
  if (mistakes.length > 0) process.exitCode = 1
}

if (import.meta.main) await main()
