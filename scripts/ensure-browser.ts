import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
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

/** The words before a command that make it run as root; undefined where that takes a password. */
async function asRoot(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return []
  const { exitCode } = await runCommand(['sudo', '-n', 'true'])
  return exitCode === 0 ? ['sudo', '-n'] : undefined
}

async function installBrowser(): Promise<boolean> {
  if (!existsSync('/usr/bin/apt-get')) return false
  const root = await asRoot()
  if (!root) return false
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runVisibly([...root, 'apt-get', 'update', '-qq'], env)
  await runVisibly([...root, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'], env)
  return findBrowser() !== undefined
}

async function main(): Promise<void> {
  if (findBrowser() !== undefined || (await installBrowser())) return
  console.error('The tests need Chromium or Google Chrome, and there is none. Install one, or name its executable in CHROME_PATH.')
  process.exitCode = 1
}

if (import.meta.main) await main()
