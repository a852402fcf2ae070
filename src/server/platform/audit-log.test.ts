import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { recordAudit } from './audit-log.ts'

const at = new Date('2026-11-01T12:00:00.000Z')

test('an entry says who did what to what, when and from where', async () => {
  const database = await createTestDatabase()

  await recordAudit(database, {
    at,
    actor: 'ada',
    action: 'project.added',
    subject: 'prj_1',
    address: '::1',
    device: 'curl',
    details: { path: '/x' },
  })
  await recordAudit(database, { at, actor: 'system', action: 'server.started' })

  const entries = await database.selectFrom('audit_log').selectAll().orderBy('actor').execute()
  expect(entries).toMatchObject([
    {
      at: at.toISOString(),
      actor: 'ada',
      action: 'project.added',
      subject: 'prj_1',
      address: '::1',
      device: 'curl',
      details: '{"path":"/x"}',
    },
    { actor: 'system', subject: null, address: null, device: null, details: '{}' },
  ])
  expect(new Set(entries.map(({ id }) => id)).size).toBe(2)
})

test('an entry shares the fate of the transaction that it describes', async () => {
  const database = await createTestDatabase()

  const failed = database.transaction().execute(async (transaction) => {
    await recordAudit(transaction, { at, actor: 'ada', action: 'project.added' })
    throw new Error('changed my mind')
  })

  await expect(failed).rejects.toThrow('changed my mind')
  expect(await database.selectFrom('audit_log').selectAll().execute()).toEqual([])
})
