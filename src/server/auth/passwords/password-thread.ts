import { Worker } from 'node:worker_threads'
import { DomainError } from '../../platform/domain-error.ts'
import type { PasswordAnswer, PasswordJob } from './password-jobs.ts'

/** How many jobs may wait, of either kind, and for how long the last of them: browsers give up after 30 s. */
const MAX_WAITING = 64
const MAX_WAIT_MS = 10_000
/** So many may wait in any case. */
const MIN_WAITING = 8
/** How long the thread stays when there is nothing to do; its memory goes back then. */
const IDLE_MS = 20_000
/** A job that takes longer hangs. The dearest bcrypt takes some seconds, on a busy machine several times that. */
const JOB_MS = 60_000
/** Assumed until a job was measured. */
const FIRST_GUESS_MS = 150

/** So many passwords wait to be checked that another is not even counted. */
export class PasswordsBusyError extends DomainError {
  constructor(seconds: number) {
    super('RATE_LIMITED', `The server is busy checking passwords. Try again in ${String(seconds)} seconds.`, {
      retryAfter: seconds,
      details: { retryAfter: seconds },
    })
  }
}

interface Waiting {
  job: PasswordJob
  resolve: (answer: PasswordAnswer) => void
  reject: (error: Error) => void
}

interface Running extends Waiting {
  startedAt: number
  deadline: NodeJS.Timeout
}

/**
 * One thread for all that passwords cost, started when it is first needed, ended when it was idle for a while, and started
 * anew when it died. It does one job at a time, those of people who are known here before those of strangers.
 */
export class PasswordThread {
  readonly #known: Waiting[] = []
  readonly #strangers: Waiting[] = []
  readonly #file: URL
  readonly #idleMs: number
  #worker: Worker | null = null
  #running: Running | null = null
  #idle: NodeJS.Timeout | undefined
  /** Of one job, most of all the latest ones. */
  #averageMs = FIRST_GUESS_MS

  constructor({ file = workerFile(), idleMs = IDLE_MS }: { file?: URL; idleMs?: number } = {}) {
    this.#file = file
    this.#idleMs = idleMs
  }

  /** Whether there is a thread at the moment. */
  get isStarted(): boolean {
    return this.#worker !== null
  }

  /**
   * @param isKnown goes before strangers
   * @throws PasswordsBusyError when too many wait
   * @throws Error when the job fails or its thread dies
   */
  run(job: PasswordJob, isKnown: boolean): Promise<PasswordAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<PasswordAnswer>()
    const queue = isKnown ? this.#known : this.#strangers
    if (queue.length >= this.#room()) return Promise.reject(new PasswordsBusyError(this.#secondsUntilRoom()))
    queue.push({ job, resolve, reject })
    this.#next()
    return promise
  }

  #next(): void {
    if (this.#running) return
    const waiting = this.#known.shift() ?? this.#strangers.shift()
    if (!waiting) {
      this.#rest()
      return
    }
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#start())
    // While a job runs its process must not end; a thread that waits for one keeps nobody.
    worker.ref()
    this.#running = { ...waiting, startedAt: performance.now(), deadline: setTimeout(() => void worker.terminate(), JOB_MS) }
    worker.postMessage(waiting.job)
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { name: 'passwords', env: {} })
    worker.on('message', (answer: PasswordAnswer) => {
      const done = this.#release()
      if (done) this.#averageMs += (performance.now() - done.startedAt - this.#averageMs) / 8
      if (answer.kind === 'failed') done?.reject(new Error(`The password could not be computed with: ${answer.message}`))
      else done?.resolve(answer)
      this.#next()
    })
    let cause: unknown
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
      else return
      this.#release()?.reject(new Error('The thread that computes with passwords ended before it answered.', { cause }))
      this.#next()
    })
    return worker
  }

  #release(): Running | null {
    const running = this.#running
    if (running) clearTimeout(running.deadline)
    this.#running = null
    return running
  }

  #rest(): void {
    const worker = this.#worker
    if (!worker) return
    worker.unref()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      this.#worker = null
      void worker.terminate()
    }, this.#idleMs).unref()
  }

  #room(): number {
    return Math.min(MAX_WAITING, Math.max(MIN_WAITING, Math.floor(MAX_WAIT_MS / this.#averageMs)))
  }

  #secondsUntilRoom(): number {
    const waiting = this.#known.length + this.#strangers.length
    return Math.min(60, Math.max(1, Math.ceil((waiting * this.#averageMs) / 1000)))
  }
}

/** One for the process: what it spends is the machine's. */
export const passwordThread = new PasswordThread()

/** Beside this file in the source, beside the bundle that holds it otherwise. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`password-worker.${extension}`, import.meta.url)
}
