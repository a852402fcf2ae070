import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { promisify } from 'node:util'
import { DomainError } from '../platform/domain-error.ts'
import { type AgentUser, asUser, findUser } from './agent-user.ts'
import { bubblewrapCommand } from './bubblewrap.ts'
import { type Cage, type CageContents, type CagedCommand, noCage } from './cage.ts'
import { isWithin } from '../platform/safe-path.ts'
import { limiter, type ProcessLimits } from './process-limits.ts'
import { SANDBOX_EXEC, seatbeltCommand } from './seatbelt.ts'

export interface CageOptions {
  /** `off`: children are started as they are. */
  wanted: 'auto' | 'required' | 'off'
  contents: CageContents
  limits: ProcessLimits
  /** The user to run children as; for a server that runs as root. */
  agentUser: string | null
}

/** Children cannot be kept from the secrets although that was required. */
export class CageUnavailableError extends DomainError {
  constructor(why: string) {
    super('AGENT_UNAVAILABLE', `AGENT_ISOLATION=required, and agents cannot be kept from the server's keys here. ${why}`)
  }
}

const run = promisify(execFile)
const PROBE_MS = 10_000
/** Where a distribution puts it. A search through PATH could find what an agent has put there. */
const BUBBLEWRAP = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap']

/**
 * Finds out by trying what keeps children from the server's secrets on this machine.
 * @throws CageUnavailableError when that is required and nothing does
 */
export async function openCage(options: CageOptions): Promise<Cage> {
  const cage = withLimits(await findCage(options), options.limits)
  if (options.wanted === 'required' && cage.isolation === 'none') throw new CageUnavailableError(cage.explanation)
  return cage
}

async function findCage({ wanted, contents: named, agentUser }: CageOptions): Promise<Cage> {
  if (wanted === 'off') return noCage('AGENT_ISOLATION=off: agents can read the keys of this server. Unset it.')
  const contents = presentOf(named)
  if (agentUser !== null) return userCage(agentUser, contents)
  const asRoot = process.getuid?.() === 0
  const wrap = wrapperOf(contents, asRoot)
  if (wrap === null) return noCage(howToGet())
  const problem = await whyItLeaks(wrap, contents)
  if (problem !== null) return noCage(`${problem} ${howToGet()}`)
  return {
    isolation: 'cage',
    explanation: 'Agents cannot see the data folder, nor the server among the running processes.',
    hidesSignals: process.platform === 'linux',
    wrap,
    environment: {},
  }
}

/** What is there, by its real path. What lies in the hidden folder is hidden with it. */
function presentOf({ hiddenFolder, hiddenFiles, readOnly }: CageContents): CageContents {
  const real = (paths: readonly string[]) => paths.filter((path) => existsSync(path)).map((path) => realpathSync(path))
  return { hiddenFolder, hiddenFiles: real(hiddenFiles).filter((path) => !isWithin(hiddenFolder, path)), readOnly: real(readOnly) }
}

async function userCage(name: string, contents: CageContents): Promise<Cage> {
  if (process.getuid?.() !== 0)
    return noCage(`AGENT_USER needs a server that runs as root, which may start programs as "${name}". Unset it.`)
  const user = await findUser(name)
  if (user === null || user.uid === 0) return noCage(`AGENT_USER "${name}" is no user of this machine other than root.`)
  const inner = wrapperOf(contents, false)
  const wrap = (command: CagedCommand) => asUser(user, inner ? inner(command) : command)
  const problem = await whyItLeaks(wrap, contents)
  if (problem !== null) return noCage(`${problem} Agents cannot run as "${name}".`)
  return {
    isolation: 'user',
    explanation: `Agents run as the user "${name}", who has no right to the data folder or the server's process.`,
    hidesSignals: inner !== null,
    wrap,
    environment: environmentOf(user),
  }
}

function environmentOf({ name, home }: AgentUser): Record<string, string> {
  return { USER: name, LOGNAME: name, HOME: home }
}

function wrapperOf(contents: CageContents, asRoot: boolean): Cage['wrap'] | null {
  if (process.platform === 'darwin') return isExecutable(SANDBOX_EXEC) ? (command) => seatbeltCommand(contents, command) : null
  const bwrap = process.platform === 'linux' ? BUBBLEWRAP.find(isExecutable) : undefined
  return bwrap === undefined ? null : (command) => bubblewrapCommand(bwrap, contents, { asRoot }, command)
}

/** Looks from inside; null when nothing can be seen. */
async function whyItLeaks(wrap: Cage['wrap'], { hiddenFolder, hiddenFiles }: CageContents): Promise<string | null> {
  const look = 'ls -A "$1" 2>/dev/null; shift; for f do cat "$f" 2>/dev/null; done; cat "/proc/$PARENT/environ" 2>/dev/null | wc -c'
  const { command, args } = wrap({ command: '/bin/sh', args: ['-c', `${look}; exit 0`, 'sh', hiddenFolder, ...hiddenFiles] })
  try {
    const env = { PATH: '/usr/bin:/bin', PARENT: String(process.pid) }
    const { stdout } = await run(command, args, { env, timeout: PROBE_MS })
    return stdout.trim() === '0' ? null : 'The cage of agents was tried and leaks.'
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n').at(-1) || error.message).trim() : String(error)
    return `The cage of agents could not be started (${reason}).`
  }
}

function withLimits(cage: Cage, limits: ProcessLimits): Cage {
  const limited = limiter(limits)
  return { ...cage, wrap: (command) => limited(cage.wrap(command)) }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function howToGet(): string {
  const lead = 'Agents run as the same user as this server and could read its keys.'
  if (process.platform !== 'linux') return `${lead} Run the server in a container or as a user of its own.`
  return `${lead} Install bubblewrap (apt install bubblewrap), or start the server as root with AGENT_USER.`
}
