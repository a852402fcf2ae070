import { expect, test } from 'vitest'
import { AUDIT_ACTION_NAMES } from '#protocol/audit-actions'
import { unrecordedActions } from '../../scripts/check-audit-actions.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { requireDocumentedAudit } from '../support/documented-audit.ts'
import { createTestDatabase } from '../support/test-database.ts'

test('an action that nothing records is found', () => {
  const sources = [...AUDIT_ACTION_NAMES.map((action) => `'${action}'`)]
  expect(unrecordedActions(sources)).toEqual([])
  expect(unrecordedActions(sources.filter((source) => source !== "'auth.logout'"))).toEqual(['auth.logout'])
  expect(unrecordedActions(['action: `approval.${resolution.outcome}`'])).not.toContain('approval.denied')
})

test('an entry with a field that no page tells of is found', async () => {
  const database = await createTestDatabase()
  await recordAudit(database, { at: new Date(), actor: 'system', action: 'server.started', details: { version: '1' } })
  await requireDocumentedAudit(database)
  await recordAudit(database, { at: new Date(), actor: 'system', action: 'server.stopped', details: { mood: 'good' } })
  await expect(requireDocumentedAudit(database)).rejects.toThrow('mood of server.stopped')
})
