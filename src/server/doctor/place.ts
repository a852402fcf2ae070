import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CheckFix } from '#protocol/posture'

/** What starts the server here. */
export type Manager = (Unit & { environmentFile?: string }) | { kind: 'container' } | { kind: 'hand' }

interface Unit {
  kind: 'systemd'
  unit: string
  /** Of a user's own manager. */
  isUser: boolean
}

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
/** Where the unit that comes with the product takes settings from. */
const ENVIRONMENT_FILE = '/etc/ai-code-ui/environment'
const COMPOSE = 'docker compose -f deploy/docker/compose.yaml'

/**
 * Finds out what starts the server.
 * @param pid of the running server; null where none runs
 */
export function findManager(pid: number | null): Manager {
  if (pid === null)
    return UNIT_FOLDERS.some((folder) => existsSync(join(folder, UNIT)))
      ? withFile({ kind: 'systemd', unit: UNIT, isUser: false })
      : { kind: 'hand' }
  if (isContainer() && isFirst(pid)) return { kind: 'container' }
  const unit = unitIn(readOrEmpty(`/proc/${String(pid)}/cgroup`))
  return unit === null ? { kind: 'hand' } : withFile(unit)
}

function withFile(unit: Unit): Manager {
  return !unit.isUser && existsSync(ENVIRONMENT_FILE) ? { ...unit, environmentFile: ENVIRONMENT_FILE } : unit
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
export function unitIn(cgroup: string): Unit | null {
  const path = cgroup.trim().split('\n').at(-1)?.split(':').at(-1) ?? ''
  const unit = path.split('/').findLast((part) => part.endsWith('.service'))
  if (unit === undefined || /^user@\d+\.service$/.test(unit)) return null
  return { kind: 'systemd', unit, isUser: /\/user@\d+\.service\//.test(path) }
}

interface PlaceFacts {
  dataDirectory: string
  port: number
  packageRoot: string
  /** The user that owns the data; null where that is not known. */
  uid: number | null
}

export function placeOf(manager: Manager, facts: PlaceFacts): Place {
  switch (manager.kind) {
    case 'systemd':
      return unitPlace(manager, facts)
    case 'container':
      return {
        ...own(manager, facts),
        setting: containerSetting,
        product: (words) => `${COMPOSE} exec server node /app/bin/ai-code-ui.js ${words}`,
        restart: `${COMPOSE} restart`,
      }
    case 'hand':
      return {
        ...own(manager, facts),
        setting: (variable, value) => `${variable}=${shellWord(value)} ${start(facts)}`,
        product: (words) => command(facts, words),
        restart: start(facts),
      }
  }
}

/** What the compose file takes from its `.env`; everything else goes into a file of its own, which is merged with it. */
function containerSetting(variable: string, value: string): string {
  if (['ALLOWED_HOSTS', 'TRUST_PROXY', 'BASE_PATH'].includes(variable))
    return `echo ${shellWord(`${variable}=${value}`)} >> deploy/docker/.env && ${COMPOSE} up -d`
  const text = shellWord(`services: { server: { environment: { ${variable}: ${JSON.stringify(value)} } } }`)
  const all = "$(printf ' -f %s' deploy/docker/compose.set-*.yaml)"
  return `echo ${text} > deploy/docker/compose.set-${fileName(variable)}.yaml && ${COMPOSE}${all} up -d`
}

function unitPlace(manager: Extract<Manager, { kind: 'systemd' }>, facts: PlaceFacts): Place {
  const { unit, isUser, environmentFile } = manager
  const sudo = isUser ? '' : 'sudo '
  const systemctl = isUser ? 'systemctl --user' : 'sudo systemctl'
  const folder = `${isUser ? '~/.config/systemd/user' : '/etc/systemd/system'}/${unit}.d`
  const restart = `${systemctl} restart ${unit}`
  const dropIn = (variable: string, value: string) =>
    `${sudo}mkdir -p ${folder} && printf '[Service]\\nEnvironment="%s"\\n' ${shellWord(`${variable}=${value}`)} | ` +
    `${sudo}tee ${folder}/${fileName(variable)}.conf && ${systemctl} daemon-reload && ${restart}`
  // What the unit reads from its file wins over what a drop-in says; of two lines in it the last one does.
  const inFile = (variable: string, value: string) =>
    `echo ${shellWord(`${variable}=${value}`)} | sudo tee -a ${environmentFile ?? ''} && ${restart}`
  return {
    ...own(manager, facts),
    setting: environmentFile === undefined ? dropIn : inFile,
    product: (words) => `${isUser || facts.uid === null ? '' : `sudo -u '#${String(facts.uid)}' `}${command(facts, words)}`,
    restart,
  }
}

function own(manager: Manager, { dataDirectory, port }: PlaceFacts): Pick<Place, 'manager' | 'dataDirectory' | 'port'> {
  return { manager, dataDirectory, port }
}

function start(facts: PlaceFacts): string {
  return command(facts, 'start')
}

/** The product's own program, with its data folder unless that is the usual one. */
function command({ packageRoot, dataDirectory }: PlaceFacts, words: string): string {
  const folder = dataDirectory === join(homedir(), '.ai-code-ui') ? '' : ` --data-dir ${shellWord(dataDirectory)}`
  return `${shellWord(join(packageRoot, 'bin', 'ai-code-ui.js'))} ${words}${folder}`
}

function fileName(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-')
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
