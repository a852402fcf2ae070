import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { SpawnedProcess } from '@anthropic-ai/claude-agent-sdk'
import { signalGroup } from '../../platform/process-identity.ts'
import { constants } from 'node:os'
import type { Cage } from '../../cage/cage.ts'
import { killMarked, namespaceLeaders } from '../../platform/marked-processes.ts'

/** The end of what the process wrote to its standard error, in bytes. */
const STDERR_TAIL = 8 * 1024
/** What ends agents. */
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGPIPE', 'SIGQUIT'] as const
/** How long after its exit the process's last words may take. */
const LAST_WORDS_MS = 300

export interface ProcessExit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface SpawnCommand {
  command: string
  args: string[]
  cwd?: string | undefined
  env: Record<string, string | undefined>
}

/** The agent's process, leader of a group of its own, so that it can be ended together with what it started. */
export class ClaudeProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly command: string
  /** Resolves when the process is gone and has said its last; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** What its processes carry in their environment. */
  readonly mark: string
  readonly #cage: Cage
  #stderr = Buffer.alloc(0)
  #isGone = false

  constructor({ command, args, cwd, env }: SpawnCommand, mark: string, cage: Cage) {
    this.command = command
    this.mark = mark
    this.#cage = cage
    const inside = cage.wrap({ command, args })
    this.#child = spawn(inside.command, inside.args, {
      cwd,
      env: { ...env, ...cage.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-STDERR_TAIL)
    })
    // A broken pipe is told by the exit; without a listener it would end the server.
    this.#child.stdin.on('error', () => {})
    this.exited = this.#watch()
  }

  /** What the SDK talks to. */
  get spawned(): SpawnedProcess {
    return this.#child
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get isGone(): boolean {
    return this.#isGone
  }

  get stderrTail(): string {
    return this.#stderr.toString('utf8')
  }

  /** Asks the whole group to end; after `graceMs` ends it. Resolves when the process is gone. */
  async end(graceMs: number): Promise<void> {
    if (this.#isGone) return
    await this.#askToEnd()
    const killer = setTimeout(() => void this.kill(), graceMs)
    await this.exited
    clearTimeout(killer)
  }

  /** Ends the group and everything that the agent started in groups of their own, at once. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL')
    await killMarked(this.mark)
  }

  /** Ends what the agent runs and leaves itself alone. */
  async killChildren(): Promise<void> {
    const own = this.#cage.hidesSignals ? await namespaceLeaders(this.mark) : []
    await killMarked(this.mark, new Set([...own, ...(this.pid === undefined ? [] : [this.pid])]))
  }

  /** Ends what a process that died left behind. Its number may be another's by now, so only what bears our mark. */
  async endLeftovers(): Promise<void> {
    await killMarked(this.mark)
  }

  /** The cage's own process would take what is inside along without a word, so the signal goes past it. */
  async #askToEnd(): Promise<void> {
    const inside = this.#cage.hidesSignals ? await namespaceLeaders(this.mark) : new Set<number>()
    if (inside.size === 0) this.#signal('SIGTERM')
    for (const pid of inside) if (!this.#isGone) signalGroup(pid, 'SIGTERM')
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined || this.#isGone) return
    if (process.platform === 'win32') this.#child.kill(signal)
    else signalGroup(this.#child.pid, signal)
  }

  #watch(): Promise<ProcessExit> {
    return new Promise((resolve) => {
      const finish = (exit: ProcessExit) => {
        this.#isGone = true
        resolve(exit)
      }
      this.#child.on('error', (error) => {
        if (this.#child.pid !== undefined) return
        this.#stderr = Buffer.from(error.message)
        finish({ code: null, signal: null })
      })
      this.#child.once('exit', (code, signal) => {
        const exit = this.#cage.hidesSignals ? withSignal(code, signal) : { code, signal }
        const timer = setTimeout(() => finish(exit), LAST_WORDS_MS)
        this.#child.once('close', () => {
          clearTimeout(timer)
          finish(exit)
        })
      })
    })
  }
}

/** A cage ends with 128 + the number of the signal that ended what was inside, as a shell does. */
function withSignal(code: number | null, signal: NodeJS.Signals | null): ProcessExit {
  const inside = code !== null && code > 128 ? SIGNALS.find((name) => constants.signals[name] === code - 128) : undefined
  return inside === undefined ? { code, signal } : { code: null, signal: inside }
}
