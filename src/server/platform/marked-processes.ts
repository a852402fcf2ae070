import { readdir, readFile } from 'node:fs/promises'

/** Environment variable that an agent's processes inherit, each agent with a value of its own. */
export const AGENT_MARK = 'AI_CODE_UI_AGENT'

/**
 * Ends every process that inherited an agent's mark, wherever it went. An agent's commands run in sessions of their own
 * and so outlive the group when the agent cannot end them itself. Where the kernel does not show environments, nothing.
 * @param except the number of a process that stays
 */
export async function killMarked(mark: string, except?: number): Promise<void> {
  const pids = await markedProcesses(mark)
  for (const pid of pids) if (pid !== except) kill(pid)
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

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone meanwhile.
  }
}
