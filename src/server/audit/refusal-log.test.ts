import { expect, test } from 'vitest'
import { createTestDatabase, fillDisk } from '../../../test/support/test-database.ts'
import { TestClock } from '../../../test/support/test-clock.ts'
import { createLogger } from '../platform/logger.ts'
import { RefusalLog } from './refusal-log.ts'

async function setup() {
  const database = await createTestDatabase()
  const clock = new TestClock()
  const log = new RefusalLog({ database, clock, logger: await createLogger('silent', 'json') })
  const refuse = (address: string, where = 'GET /users') => {
    log.note({ problem: 'UNAUTHORIZED', where, principal: null, address })
  }
  const written = async () => {
    const rows = await database.selectFrom('audit_log').select(['action', 'address', 'details']).orderBy('seq').execute()
    return rows.map(({ action, address, details }): unknown[] => [action, address, JSON.parse(details)])
  }
  return { database, clock, log, refuse, written }
}

test('the first is written at once and its repetitions once, when the minute is over', async () => {
  const { clock, log, refuse, written } = await setup()
  for (let times = 0; times < 10_000; times += 1) refuse('192.0.2.1')
  clock.advance(59_000)
  refuse('192.0.2.1')
  log.sweep()
  clock.advance(1000)
  log.sweep()
  await log.settle()
  expect(await written()).toEqual([
    ['access.refused', '192.0.2.1', { where: 'GET /users', problem: 'UNAUTHORIZED' }],
    [
      'access.refused',
      '192.0.2.1',
      { where: 'GET /users', problem: 'UNAUTHORIZED', again: 10_000, since: '2026-11-01T12:00:00.000Z', last: '2026-11-01T12:00:59.000Z' },
    ],
  ])
})

test('a minute has room for so many kinds; the rest is one entry', async () => {
  const { log, refuse, written } = await setup()
  for (let number = 0; number < 5000; number += 1) refuse(`198.51.${String(number >> 8)}.${String(number & 255)}`)
  await log.settle()
  const entries = await written()
  expect(entries).toHaveLength(21)
  expect(entries.at(-1)).toEqual(['access.refusals_counted', null, { count: 4980, problems: { UNAUTHORIZED: 4980 }, users: [] }])
})

test('each minute begins anew', async () => {
  const { clock, log, refuse, written } = await setup()
  refuse('192.0.2.1')
  clock.advance(60_000)
  refuse('192.0.2.1')
  await log.settle()
  expect((await written()).map(([action]) => action)).toEqual(['access.refused', 'access.refused'])
})

test('where nothing can be written nobody is told but the log of the server, and it goes on', async () => {
  const { database, clock, log, refuse, written } = await setup()
  const giveBack = await fillDisk(database)
  for (let number = 0; number < 20; number += 1) refuse(`192.0.2.${String(number)}`, `GET /${'x'.repeat(4000)}`)
  await log.settle()
  await giveBack()
  const before = (await written()).length
  expect(before).toBeLessThan(20)
  clock.advance(60_000)
  refuse('192.0.2.1')
  await log.settle()
  expect(await written()).toHaveLength(before + 1)
})
