import { expect, test } from 'vitest'
import { AuditLogEntry, AuditState } from '#protocol/audit'
import { pageOf } from '#protocol/lists'
import { type Device, PASSWORD, signIn } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { insertUser } from '../support/test-database.ts'
import { startWithOwner } from '../support/user-steps.ts'
import { eventually } from '../support/within.ts'
import { signInSomebodyElse, startSession, startWorkplace } from '../support/workplace.ts'

async function entries(owner: Device, query: string): Promise<AuditLogEntry[]> {
  const { body, status } = await owner.request('GET', `/audit?limit=1000&${query}`)
  expect(status).toBe(200)
  return pageOf(AuditLogEntry).parse(body).items.toReversed()
}

test('a start with other settings names them and keeps their values to itself', async () => {
  const secrets = { SETUP_CODE: '7F3K-9QWX-2MHT', ANTHROPIC_API_KEY: 'the-first-key-of-all' }
  const first = await startTestApp({ environment: { ...secrets, MAX_AGENTS: '3' } })
  await first.close()
  const same = await startTestApp({ of: first, environment: { ...secrets, MAX_AGENTS: '3' } })
  await same.close()
  const environment = {
    SETUP_CODE: 'HT4K-9QWX-2MHT',
    ANTHROPIC_API_KEY: 'another-key-than-that',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    BCRYPT_ROUNDS: '10',
  }
  const other = await startTestApp({ of: first, environment })

  const rows = await other.database.selectFrom('audit_log').select(['action', 'details']).orderBy('seq').execute()
  const changed = rows.filter(({ action }) => action === 'config.changed').map(({ details }): unknown => JSON.parse(details))
  expect(changed).toEqual([{ settings: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'MAX_AGENTS', 'SETUP_CODE'] }])
  const starts = rows.filter(({ action }) => action === 'server.started').map(({ details }) => details)
  expect([starts[0] === starts[1], starts[1] === starts[2]]).toEqual([true, false])
  const stored = JSON.stringify([rows, await other.database.selectFrom('installation').selectAll().execute()])
  for (const secret of ['7F3K-9QWX', 'HT4K-9QWX', 'the-first-key', 'another-key', '127.0.0.1:1"']) expect(stored).not.toContain(secret)
})

test('fingerprints that somebody wrote over are told as a change of everything', async () => {
  const first = await startTestApp()
  await first.database.updateTable('installation').set({ value: 'nonsense' }).where('name', '=', 'settings').execute()
  await first.close()
  const second = await startTestApp({ of: first })
  const row = await second.database
    .selectFrom('audit_log')
    .select('details')
    .where('action', '=', 'config.changed')
    .executeTakeFirstOrThrow()
  expect(row.details).toContain('"PORT"')
})

test('an export is an entry of its own, with what was exported, and in the export itself', async () => {
  const { owner } = await startWithOwner()
  const { body } = await owner.request('GET', '/audit/export?all=true')
  expect(body).toContain('"audit.exported"')
  await owner.request('GET', '/audit/export?from=2026-11-01T00:00:00.000Z')
  const found = await entries(owner, 'action=audit.exported')
  expect(found.map(({ actor, details }) => [actor, details])).toEqual([
    ['ada', { all: true }],
    ['ada', { from: '2026-11-01T00:00:00.000Z' }],
  ])
})

test('nobody but an owner reads, checks or exports the log', async () => {
  const { database, url } = await startWithOwner()
  await insertUser(database, { username: 'vic', password: PASSWORD, role: 'viewer' })
  await insertUser(database, { username: 'mia', password: PASSWORD })
  for (const device of [await signIn(url, 'vic'), await signIn(url, 'mia')])
    for (const [method, path] of [
      ['GET', '/audit'],
      ['GET', '/audit/verification'],
      ['POST', '/audit/verification'],
      ['GET', '/audit/export'],
      ['GET', '/audit/export?all=true'],
    ] as const)
      expect((await device.request(method, path)).status, `${device.user.username} ${method} ${path}`).toBe(403)
  expect(await database.selectFrom('audit_log').select('id').where('action', '=', 'audit.exported').execute()).toEqual([])
})

test('entries are found by what they are about and by project, what happened in its sessions included', async () => {
  const workplace = await startWorkplace({ clock: new TestClock() })
  const { device, project } = workplace
  const { sessionId } = await startSession(workplace)
  await device.request('PATCH', `/sessions/${sessionId}`, { body: { title: 'Another' } })
  const stranger = await signInSomebodyElse(workplace)
  await stranger.request('POST', '/auth/logout')
  const owner = await signInSomebodyElse(workplace, 'owner', 'olga')
  const actions = (found: readonly AuditLogEntry[]) => [...new Set(found.map(({ action }) => action))]

  const about = await entries(owner, `about=${sessionId}`)
  expect(actions(about)).toEqual(expect.arrayContaining(['session.started', 'session.prompted', 'session.updated']))
  for (const { subject, details } of about) expect([subject, details.sessionId]).toContain(sessionId)
  const ofProject = await entries(owner, `project=${project.id}`)
  expect(actions(ofProject)).toEqual(expect.arrayContaining(['project.added', 'session.started', 'session.updated']))
  expect(actions(ofProject)).not.toContain('auth.logout')
  expect(ofProject.length).toBe(about.length + (await entries(owner, `subject=${project.id}`)).length)
  expect(await entries(owner, 'project=prj_0000000000000000')).toEqual([])
  expect((await entries(owner, `about=${sessionId}&action=session.*&actor=${device.user.username}`)).length).toBeGreaterThan(0)
  expect(await entries(owner, `about=${sessionId}&actor=eve`)).toEqual([])
})

test('a server that keeps entries for thirty days seals what is older, and says so', async () => {
  const clock = new TestClock()
  const first = await startWithOwner({ clock })
  await first.close()
  clock.advance(40 * 24 * 60 * 60_000)
  const second = await startTestApp({ of: first, clock, environment: { AUDIT_RETENTION_DAYS: '30' } })
  const owner = await signIn(second.url)
  const { segments } = await eventually('a sealed segment', async () => {
    const state = AuditState.parse((await owner.request('GET', '/audit/verification')).body)
    return state.segments.count > 0 ? state : null
  })
  const { body } = await owner.request('POST', '/audit/verification')
  expect(body).toMatchObject({ verdict: { ok: true, segments: 1 } })
  expect((await entries(owner, ''))[0]?.seq).toBe(segments.last + 1)
  expect((await owner.request('GET', '/audit/export')).body).not.toContain('"seq":1,')
  expect((await owner.request('GET', '/audit/export?all=true')).body).toContain('"seq":1,')
})
