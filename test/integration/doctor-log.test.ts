import { expect, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { AuditLogEntry } from '#protocol/audit'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { placeOf } from '../../src/server/doctor/place.ts'
import { daysAgo, findingOf, makeInstallation, startCarelessProcess } from '../support/doctor-stage.ts'
import { startWithOwner } from '../support/user-steps.ts'

/* Doctor asks what the server must refuse, and the server writes refusals down: that must not look like an attack. And what else is special. */

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

test('a clock that went back is seen by the entries of the audit log', async () => {
  const installation = await makeInstallation()
  const { database } = installation
  if (database)
    await recordAudit(database, { at: new Date(daysAgo(-1)), actor: 'system', action: 'server.stopped', details: { version: '0' } })
  expect(await findingOf('host-clock', installation)).toMatchObject({ status: 'fail', isLookedAt: true })
})

test('a container is looked at where there is one', async () => {
  const facts = { ...(await startCarelessProcess()), uid: 0 }
  const place = placeOf({ kind: 'container' }, { dataDirectory: '/data', port: 3001, packageRoot: '/app', uid: 10_001 })
  const found = await findingOf('host-container', await makeInstallation({ place, process: facts }))
  expect(found).toMatchObject({ status: 'warn', evidence: expect.stringContaining('it runs as root') })
  expect(await findingOf('host-container', await makeInstallation())).toMatchObject({ status: 'not-applicable' })
})

test.for([
  [null, 'warn'],
  [1, 'pass'],
  [10, 'warn'],
  [40, 'fail'],
] as const)('a backup of %s days ago: %s', async ([days, status]) => {
  const installation = await makeInstallation()
  const { database } = installation
  if (database !== null && days !== null)
    await recordAudit(database, {
      at: new Date(daysAgo(days)),
      actor: 'command line',
      action: 'backup.made',
      details: { opensWith: 'passphrase' },
    })
  expect(await findingOf('storage-backup', installation)).toMatchObject({ status })
})

test('an installation that is a month old and was never backed up fails', async () => {
  const installation = await makeInstallation({ now: new Date(daysAgo(-40)) })
  expect(await findingOf('storage-backup', installation)).toMatchObject({ status: 'fail' })
})
