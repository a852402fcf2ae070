import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { compareEvenly, makeHash } from './bcrypt-work.ts'
import type { PasswordAnswer, PasswordJob } from './password-jobs.ts'

/*
 * The thread that computes with passwords, started by password-thread.ts. It blocks itself on purpose: neither the event
 * loop nor the pool that reads files is held up.
 */

/** A third of the share of a thread beside it: the event loop goes first, and logins do not starve while agents compile. */
const NICER = 5
const LOWEST = 19

giveWay()
parentPort?.on('message', (job: PasswordJob) => {
  void answer(job).then((result) => {
    parentPort?.postMessage(result)
  })
})

async function answer(job: PasswordJob): Promise<PasswordAnswer> {
  try {
    return await run(job)
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

async function run(job: PasswordJob): Promise<PasswordAnswer> {
  switch (job.kind) {
    case 'hash':
      return { kind: 'hash', hash: makeHash(job.password, job.rounds) }
    case 'compare':
      return { kind: 'compare', isRight: compareEvenly(job) }
    case 'estimate': {
      // Its dictionaries are large, and most logins never need them.
      const { estimateStrength } = await import('./estimate-strength.ts')
      return { kind: 'estimate', strength: estimateStrength(job.password, job.knownWords) }
    }
  }
}

/** Lets everything else go first. On Linux this is about this thread alone; elsewhere it would slow down the whole server. */
function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(LOWEST, getPriority() + NICER))
  } catch {
    // Some sandboxes forbid it; then it competes like any thread.
  }
}
