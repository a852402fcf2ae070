import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CheckFix } from '#protocol/posture'

/** What starts the server here. */
export type Manager = { kind: 'systemd'; unit: string; isUser: boolean } | { kind: 'container' } | { kind: 'hand' }

/** How the product is run here, as far as commands need it. */
export interface Place {
  manager: Manager
  dataDirectory: string
  port: number
  /** A setting that is to have another value: the command for this installation. An empty value unsets it. */
  setting(variable: string, value: string): string
  /** A subcommand of the product, on this data folder. */
  product(words: string): string
  restart: string
}

const UNIT_FOLDERS = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system']
const UNIT = 'ai-code-ui.service'

/**
 * Finds out what starts the server.
 * @param pid of the running server; null where none runs
 */
export function findManager(pid: number | null): Manager {
  if (isContainer() && pid !== null && isFirst(pid)) return { kind: 'container' }
  const running = pid === null ? null : unitIn(readOrEmpty(`/proc/${String(pid)}/cgroup`))
  if (running !== null) return running
  if (pid === null && UNIT_FOLDERS.some((folder) => existsSync(join(folder, UNIT)))) return { kind: 'systemd', unit: UNIT, isUser: false }
  return { kind: 'hand' }
}

function isContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv')
}

/** Whether it is what the container was started for: its first process, or the child of a small init. */
function isFirst(pid: number): boolean {
  const stat = readOrEmpty(`/proc/${String(pid)}/stat`)
  return pid === 1 || stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === '1'
}

/** The service that a line of `/proc/<pid>/cgroup` names. A login session is none, nor is the manager of a user. */
export function unitIn(cgroup: string): Manager | null {
  const path = cgroup.trim().split('\n').at(-1)?.split(':').at(-1) ?? ''
  const unit = path.split('/').findLast((part) => part.endsWith('.service'))
  if (unit === undefined || /^user@\d+\.service$/.test(unit)) return null
  return { kind: 'systemd', unit, isUser: /\/user@\d+\.service\//.test(path) }
}

export function placeOf(manager: Manager, { dataDirectory, port }: { dataDirectory: string; port: number }): Place {
  const own = dataDirectory === join(homedir(), '.ai-code-ui') ? '' : ` --data-dir ${shellWord(dataDirectory)}`
  switch (manager.kind) {
    case 'systemd': {
      const { unit, isUser } = manager
      const sudo = isUser ? '' : 'sudo '
      const systemctl = isUser ? 'systemctl --user' : 'sudo systemctl'
      const folder = `${isUser ? '~/.config/systemd/user' : '/etc/systemd/system'}/${unit}.d`
      return {
        manager,
        dataDirectory,
        port,
        setting: (variable, value) =>
          `${sudo}mkdir -p ${folder} && printf '[Service]\\nEnvironment="%s"\\n' ${shellWord(`${variable}=${value}`)} | ` +
          `${sudo}tee ${folder}/${variable.toLowerCase().replaceAll('_', '-')}.conf && ${systemctl} daemon-reload && ${systemctl} restart ${unit}`,
        product: (words) => `${sudo}ai-code-ui ${words} --data-dir ${shellWord(dataDirectory)}`,
        restart: `${systemctl} restart ${unit}`,
      }
    }
    case 'container':
      return {
        manager,
        dataDirectory,
        port,
        setting: (variable, value) => `echo ${shellWord(`${variable}=${value}`)} >> .env && docker compose up -d`,
        product: (words) => `docker compose exec ai-code-ui ai-code-ui ${words}`,
        restart: 'docker compose restart',
      }
    case 'hand':
      return {
        manager,
        dataDirectory,
        port,
        setting: (variable, value) => `${variable}=${shellWord(value)} ai-code-ui start${own}`,
        product: (words) => `ai-code-ui ${words}${own}`,
        restart: `ai-code-ui start${own}`,
      }
  }
}

/** A fix that gives a setting another value and starts the server anew. */
export function settingFix({ place }: { place: Place }, text: string, variable: string, value: string): CheckFix {
  return { text, command: place.setting(variable, value) }
}

/** One word of a command line, quoted where it needs to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // No such file system, or the process has ended.
    return ''
  }
}
