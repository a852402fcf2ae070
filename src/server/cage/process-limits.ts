import { existsSync, readFileSync } from 'node:fs'
import type { CagedCommand } from './cage.ts'

/** What one child and each of its own may use (setrlimit(2)). */
export interface ProcessLimits {
  /** How many processes and threads the children's user may have; null for the machine's own limit. */
  processes: number | null
  /** Bytes of memory of each process that it may write to; null for no limit. */
  memory: number | null
}

const PRLIMIT = '/usr/bin/prlimit'
const OPEN_FILES = 65_536

/** Starts commands with limits, and without core files, which could hold anything. Where the system cannot, as they are. */
export function limiter({ processes, memory }: ProcessLimits): (command: CagedCommand) => CagedCommand {
  if (process.platform !== 'linux' || !existsSync(PRLIMIT)) return (command) => command
  const limits = [
    '--core=0',
    ...option('nofile', 'Max open files', OPEN_FILES),
    ...option('nproc', 'Max processes', processes),
    ...option('data', 'Max data size', memory),
  ]
  return ({ command, args }) => ({ command: PRLIMIT, args: [...limits, '--', command, ...args] })
}

/** A limit can be lowered by anybody and raised by nobody. */
function option(name: string, row: string, wanted: number | null): string[] {
  if (wanted === null) return []
  const hard = Number(new RegExp(`^${row} +\\S+ +(\\d+)`, 'm').exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity)
  return [`--${name}=${String(Math.min(wanted, hard))}`]
}
