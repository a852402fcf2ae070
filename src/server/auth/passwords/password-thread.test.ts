import { expect, test } from 'vitest'
import { makeHash } from './bcrypt-work.ts'
import type { PasswordJob } from './password-jobs.ts'
import { PasswordsBusyError, PasswordThread } from './password-thread.ts'

const compare = (cost = 4): PasswordJob => ({ kind: 'compare', spellings: ['x'], stored: null, cost })

/** A worker from a line of code instead of its file. */
function threadOf(code: string): PasswordThread {
  return new PasswordThread({ file: new URL(`data:text/javascript,${encodeURIComponent(code)}`) })
}

test('hashes, compares and estimates away from the event loop', async () => {
  const thread = new PasswordThread()
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 1)

  const stored = makeHash('correct horse battery', 4)
  const answers = await Promise.all([
    thread.run({ kind: 'hash', password: 'correct horse battery', rounds: 10 }, true),
    thread.run({ kind: 'compare', spellings: ['correct horse battery'], stored, cost: 4 }, true),
    thread.run({ kind: 'estimate', password: 'correct horse battery', knownWords: [] }, true),
  ])
  clearInterval(timer)

  expect(answers).toEqual([
    { kind: 'hash', hash: expect.stringMatching(/^\$2b\$10\$/) },
    { kind: 'compare', isRight: true },
    { kind: 'estimate', strength: { score: 4, suggestions: [] } },
  ])
  expect(ticks).toBeGreaterThan(10)
})

test('people who are known here go before strangers, in the order in which they came', async () => {
  const thread = new PasswordThread()
  const order: string[] = []
  const run = (name: string, isKnown: boolean) => thread.run(compare(), isKnown).then(() => order.push(name))

  await Promise.all([run('first', false), run('stranger 1', false), run('stranger 2', false), run('known 1', true), run('known 2', true)])

  expect(order).toEqual(['first', 'known 1', 'known 2', 'stranger 1', 'stranger 2'])
})

test('a bounded number waits; strangers leave room for people who are known here', async () => {
  const thread = new PasswordThread()
  const strangers = Array.from({ length: 80 }, () => thread.run(compare(), false))
  const known = thread.run(compare(), true)

  const outcomes = await Promise.allSettled(strangers)

  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  // One runs, 64 wait.
  expect(refused).toHaveLength(80 - 65)
  expect(refused[0]?.reason).toBeInstanceOf(PasswordsBusyError)
  expect(refused[0]?.reason).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) })
  expect(await known).toEqual({ kind: 'compare', isRight: false })
})

test('a job that fails harms no other', async () => {
  const thread = new PasswordThread()

  await expect(thread.run({ kind: 'hash', password: 'x'.repeat(73), rounds: 4 }, true)).rejects.toThrow('could not be computed')

  expect(await thread.run(compare(), true)).toMatchObject({ kind: 'compare' })
})

test('a thread that dies fails the job that it had, and the next one starts another', async () => {
  const thread = threadOf(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', (job) => {
      if (job.kind === 'hash') process.exit(1)
      parentPort.postMessage({ kind: 'compare', isRight: true })
    })
  `)
  const hash: PasswordJob = { kind: 'hash', password: 'x', rounds: 4 }

  const outcomes = await Promise.allSettled([thread.run(compare(), true), thread.run(hash, true), thread.run(compare(), true)])

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await thread.run(compare(), true)).toEqual({ kind: 'compare', isRight: true })
})

test('a worker that cannot start fails each job, not the process', async () => {
  const thread = threadOf('throw new Error("no such library")')

  const outcomes = await Promise.allSettled([thread.run(compare(), true), thread.run(compare(), false)])

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(thread.isStarted).toBe(false)
})

test('an idle thread ends and is there again when needed', async () => {
  const thread = new PasswordThread({ idleMs: 1 })
  await thread.run(compare(), true)

  await expect.poll(() => thread.isStarted).toBe(false)

  expect(await thread.run(compare(), true)).toMatchObject({ kind: 'compare' })
})
