import { expect, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { AuditLogEntry } from '#protocol/audit'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { daysAgo, findingOf, makeInstallation } from '../support/doctor-stage.ts'
import { startWithOwner } from '../support/user-steps.ts'

/* Doctor asks what the server must refuse, and the server writes refusals down: that must not look like an attack. */

async function afterRefusalsOf(address: string) {
  const installation = await makeInstallation()
  const { database } = installation
  if (database === null) throw new Error('There is no database.')
  const at = new Date(daysAgo(1))
  const details = { where: '/ws', problem: 'ORIGIN_NOT_ALLOWED' }
  for (let count = 0; count < 60; count += 1)
    await recordAudit(database, { at, actor: 'unknown', action: 'access.refused', address, details })
  await recordAudit(database, { at, actor: 'ada', action: 'security.examined', details: { score: 90, failed: [] } })
  return findingOf('audit-alarms', installation)
}

test('what doctor itself was refused is no attack, however often it looks; what others were refused is', async () => {
  expect(await afterRefusalsOf('127.0.0.1')).toMatchObject({ status: 'pass' })
  expect(await afterRefusalsOf('203.0.113.9')).toMatchObject({
    status: 'warn',
    evidence: expect.stringContaining('access.refused 60 times'),
  })
})

test('who looked, and what failed, is recorded', async () => {
  const { owner } = await startWithOwner()
  await owner.request('GET', '/security/posture')
  const { body } = await owner.request('GET', '/audit?action=security.examined')
  const [entry] = pageOf(AuditLogEntry).parse(body).items
  expect(entry).toMatchObject({ actor: 'ada', details: { failed: expect.arrayContaining(['agents-isolation']) } })
})
