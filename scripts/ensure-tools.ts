import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensureDeployTools } from './deploy-tools.ts'
import { runCommand, runVisibly } from './run-command.ts'

const COMMAND_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APP_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser for the journeys: `CHROME_PATH`, else Chromium or Chrome where systems keep it. Undefined where there is none. */
export function findBrowser(): string | undefined {
  const chosen = process.env.CHROME_PATH
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = folders.flatMap((folder) => COMMAND_NAMES.map((name) => join(folder, name)))
  return [...(chosen ? [chosen] : []), ...found, ...APP_PATHS].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What agents are started in: bubblewrap on Linux, the system's own elsewhere. */
function hasCage(): boolean {
  return process.platform !== 'linux' || ['/usr/bin/bwrap', '/usr/local/bin/bwrap'].some(isExecutable)
}

/** The words before a command that make it run as root; undefined where that takes a password. */
async function asRoot(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return []
  const { exitCode } = await runCommand(['sudo', '-n', 'true'])
  return exitCode === 0 ? ['sudo', '-n'] : undefined
}

/** Debian's and Ubuntu's packages. */
async function install(packages: readonly string[]): Promise<boolean> {
  if (packages.length === 0) return true
  if (!existsSync('/usr/bin/apt-get')) return false
  const root = await asRoot()
  if (!root) return false
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runVisibly([...root, 'apt-get', 'update', '-qq'], env)
  await runVisibly([...root, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], env)
  return findBrowser() !== undefined && hasCage()
}

/** Without them the tests of deploy/ are skipped, with a word about it; CI has them all. */
async function lookForDeployTools(): Promise<void> {
  if (process.platform !== 'linux') return
  const missing = await ensureDeployTools()
  if (missing.length === 0) return
  console.error(`The tests of deploy/ need ${missing.join(', ')}, and apt could not fetch it.`)
  if (process.env.CI) process.exitCode = 1
  else console.error('They are skipped without.')
}

async function main(): Promise<void> {
  await lookForDeployTools()
  const packages = [...(findBrowser() === undefined ? ['chromium'] : []), ...(hasCage() ? [] : ['bubblewrap'])]
  if (await install(packages)) return
  if (findBrowser() === undefined)
    console.error('The tests need Chromium or Google Chrome, and there is none. Install one, or name its executable in CHROME_PATH.')
  if (!hasCage())
    console.error("The tests need bubblewrap, which the agents are started in: apt install bubblewrap, or your system's package.")
  process.exitCode = 1
}

if (import.meta.main) await main()
