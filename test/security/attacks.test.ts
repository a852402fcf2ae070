import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AttackStage, startAttackStage } from '../support/attack-stage.ts'
import { ATTACKS } from './all-attacks.ts'

/*
 * The real server in a process of its own, and everything that somebody without rights, or with few, can send to it. One
 * server takes all of it: what one attack breaks, the next ones show.
 */

const started: (() => unknown)[] = []
let stage: AttackStage

beforeAll(async () => {
  stage = await startAttackStage({ onEnd: (end) => started.push(end) })
})

afterAll(async () => {
  for (const end of started.reverse()) await end()
})

test.for(ATTACKS)('$id $title', async ({ run }) => {
  await run(stage)
})

test('after all of them the server is the same process, answers, and has logged no fault', async () => {
  expect((await stage.send({ path: '/api/ready' })).status).toBe(200)
  expect((await stage.send({ path: '/api/auth/user', token: stage.ada.token })).status).toBe(200)
  process.kill(stage.server.pid, 0)
  expect(stage.server.output()).not.toMatch(/"level":"?(error|fatal|50|60)/)
  expect(stage.isCanaryThere()).toBe(false)
})
