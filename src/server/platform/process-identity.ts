import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * What tells a process from a later one that got the same number: its start time as the kernel counts it.
 * Null when there is no such process.
 */
export async function processBirth(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? linuxBirth(pid) : posixBirth(pid)
}

async function linuxBirth(pid: number): Promise<string | null> {
  try {
    const [stat, bootId] = await Promise.all([
      readFile(`/proc/${String(pid)}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The name (field 2) is in brackets and may hold anything; fields are counted after its closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${bootId.trim()}:${fields[19] ?? ''}`
  } catch {
    // No such process, or no right to see it: either way not ours any more.
    return null
  }
}

async function posixBirth(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'lstart=', '-p', String(pid)])
    return stdout.trim() || null
  } catch {
    return null
  }
}

/** Sends a signal to a process and its group. Returns false when there is nobody to receive it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  const toGroup = send(-pid, signal)
  const toLeader = send(pid, signal)
  return toGroup || toLeader
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal)
    return true
  } catch {
    // ESRCH: gone already.
    return false
  }
}

/**
 * Ends a process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when the leader is gone or cannot be told apart.
 * @param birth as {@link processBirth} gave it when the process was ours
 */
export async function endProcessGroup(pid: number, birth: string, graceMs: number): Promise<void> {
  if ((await processBirth(pid)) !== birth) return
  signalGroup(pid, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while ((await processBirth(pid)) === birth) {
    if (performance.now() > deadline) {
      signalGroup(pid, 'SIGKILL')
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  // The leader is gone; whoever stayed in its group goes too.
  signalGroup(pid, 'SIGKILL')
}
