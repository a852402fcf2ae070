import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../test/support/within.ts'
import { endProcessGroup, processBirth, signalGroup } from './process-identity.ts'

/** A process that leads its own group, with a child in it. */
async function startGroup(script: string) {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = child.pid ?? 0
  onTestFinished(() => void signalGroup(pid, 'SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const birth = await processBirth(pid)
  return { pid, childPid: Number(String(line)), birth: birth ?? '', gone: once(child, 'exit') }
}

test('a living process has a birth that stays the same; what does not exist has none', async () => {
  expect(await processBirth(process.pid)).not.toBeNull()
  expect(await processBirth(process.pid)).toBe(await processBirth(process.pid))
  expect(await processBirth(4_194_305)).toBeNull()
})

test('ending a group ends the leader and what it started', async () => {
  const { pid, childPid, birth, gone } = await startGroup('sleep 60 & echo $!; wait')

  await endProcessGroup(pid, birth, 2000)

  await gone
  await eventually('the child to be gone', async () => ((await processBirth(childPid)) === null ? true : null))
})

test('a group that ignores the polite signal is ended after the grace time', async () => {
  const { pid, birth, gone } = await startGroup('trap "" TERM; sleep 60 & echo $!; wait; wait; sleep 60')

  await endProcessGroup(pid, birth, 100)

  expect(await gone).toEqual([null, 'SIGKILL'])
})

test('another process that got the same number is left alone', async () => {
  const { pid, birth } = await startGroup('sleep 60 & echo $!; wait')

  await endProcessGroup(pid, 'the birth of somebody else', 100)

  expect(await processBirth(pid)).toBe(birth)
})

test('a signal to nobody is no failure', () => {
  expect(signalGroup(4_194_305, 'SIGTERM')).toBe(false)
})
