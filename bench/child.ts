import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { ROOT } from '../scripts/run-command.ts'

const running = new Set<Child>()

/** Ends every child that still runs, whatever went wrong before. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()))
}

/** A child process that is talked to in lines. What it writes to its standard error goes to ours. */
export class Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: Interface
  readonly #unread: AsyncIterator<string>

  constructor(command: string[], environment: NodeJS.ProcessEnv = process.env) {
    const [name = '', ...parameters] = command
    this.process = spawn(name, parameters, { cwd: ROOT, env: environment, stdio: ['pipe', 'pipe', 'inherit'] })
    running.add(this)
    this.process.once('exit', () => running.delete(this))
    this.#lines = createInterface(this.process.stdout)
    this.#unread = this.#lines[Symbol.asyncIterator]()
  }

  /** @throws Error when the process ended instead */
  async nextLine(): Promise<string> {
    const next = await this.#unread.next()
    if (next.done === true) throw new Error(`${this.process.spawnargs.slice(0, 2).join(' ')} ended before it answered.`)
    return next.value
  }

  tell(line: string): void {
    this.process.stdin.write(`${line}\n`)
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const exited = once(this.process, 'exit')
    this.process.kill('SIGTERM')
    await exited
    this.#lines.close()
  }
}

/** Runs one of the files beside this one with our Node. */
export function runBenchFile(name: string, ...parameters: string[]): Child {
  return new Child([process.execPath, `${import.meta.dirname}/${name}`, ...parameters])
}

/** Resident memory of a process in MiB; null where the system does not tell. */
export async function residentMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? null : Number(kib) / 1024
}

/** Milliseconds since the epoch with fractions: the same clock in every process of the machine. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
