import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../run-command.ts'
import { runBounded } from './scanner.ts'

/** Scanners that nobody needs to build or run the product: no dependencies of ours, fetched once, by exact version. */
const TOOLS = [
  '@mdn/mdn-http-observatory@1.4.8',
  'lighthouse@12.8.2',
  'secretlint@12.0.0',
  '@secretlint/secretlint-rule-preset-recommend@12.0.0',
  'recheck@4.5.0',
]
export const TOOLS_FOLDER = process.env.SCAN_TOOLS ?? join(ROOT, '.cache', 'scan-tools')

/** Fetches what is missing. Install scripts do not run. Returns what npm said where it failed, else null. */
export async function fetchTools(): Promise<string | null> {
  await mkdir(TOOLS_FOLDER, { recursive: true })
  const { exitCode, output } = await runBounded(
    ['npm', 'install', '--prefix', TOOLS_FOLDER, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...TOOLS],
    300,
    TOOLS_FOLDER,
  )
  if (exitCode !== 0) return output.trim() || 'npm install did not end in time.'
  // Its install script would fetch the list of preloaded hosts; no host of ours is in it.
  const conf = join(TOOLS_FOLDER, 'node_modules', '@mdn', 'mdn-http-observatory', 'conf')
  await mkdir(conf, { recursive: true })
  await writeFile(join(conf, 'hsts-preload.json'), '{}')
  return null
}

export const toolPath = (name: string) => join(TOOLS_FOLDER, 'node_modules', '.bin', name)
