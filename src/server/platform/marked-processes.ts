import { readdir, readFile } from 'node:fs/promises'

/** Environment variable that an agent's processes inherit, each agent with a value of its own. */
export const AGENT_MARK = 'AI_CODE_UI_AGENT'

/** Numbers of processes. */
export type Pids = ReadonlySet<number>

/**
 * Ends every process that inherited an agent's mark, wherever it went. An agent's commands run in sessions of their own
 * and so outlive the group when the agent cannot end them itself. Where the kernel does not show environments, nothing.
 * @param spared those that stay
 */
export async function killMarked(mark: string, spared: Pids = new Set()): Promise<void> {
  for (const pid of await markedProcesses(mark)) if (!spared.has(pid)) send(pid)
}

/** The first two processes of a process namespace of the mark's own: its init and the command that was started in it. */
export async function namespaceLeaders(mark: string): Promise<Pids> {
  const depth = (await namespacePids('self')).length
  const leaders = await Promise.all(
    (await markedProcesses(mark)).map(async (pid) => {
      const numbers = await namespacePids(String(pid))
      return numbers.length === depth + 1 && (numbers.at(-1) ?? 0) <= 2 ? pid : null
    }),
  )
  return new Set(leaders.filter((pid) => pid !== null))
}

async function markedProcesses(mark: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const entries = await readdir('/proc')
  const own = entries.filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  const checked = await Promise.all(own.map(async (name) => ((await hasMark(name, mark)) ? Number(name) : null)))
  return checked.filter((pid) => pid !== null)
}

async function hasMark(pid: string, mark: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
    return environment.split('\0').includes(`${AGENT_MARK}=${mark}`)
  } catch {
    // Gone meanwhile, or another user's: not ours.
    return false
  }
}

/** A process's number in each namespace that it is in, ours first (proc_pid_status(5)); empty when it is gone. */
async function namespacePids(pid: string): Promise<number[]> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const numbers = /^NSpid:(.*)$/m.exec(status)?.[1] ?? ''
    return numbers.trim().split(/\s+/).map(Number)
  } catch {
    return []
  }
}

function send(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone meanwhile.
  }
}
