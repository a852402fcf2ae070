import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Posture } from '#protocol/posture'
import { CHECKS } from '../../src/server/doctor/registry.ts'
import { register } from '../support/api-client.ts'
import { TestClock } from '../support/test-clock.ts'
import { runServerToItsEnd, startTestServer, type TestServer } from '../support/test-server.ts'
import { startWithOwner } from '../support/user-steps.ts'

/* Doctor as people meet it: the command beside a server and without one, and the route. */

const doctor = ({ folder }: Pick<TestServer, 'folder'>, words: string[] = [], environment: Record<string, string> = {}) =>
  runServerToItsEnd({ folder, arguments: ['doctor', ...words], environment })

const statusOf = ({ items }: Posture, id: string) => items.find((item) => item.id === id)?.status

test('beside a server it looks at that server, with the settings that it was started with', async () => {
  const server = await startTestServer({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '0', LOG_LEVEL: 'silent' } })
  await register(server.url, server.setupCode)

  const { output } = await doctor(server, ['--json'])
  const posture = Posture.parse(JSON.parse(output))
  expect(posture.items.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id))
  expect(statusOf(posture, 'host-settings')).toBe('pass')
  expect(statusOf(posture, 'approvals-timeout')).toBe('warn')
  for (const id of ['http-host', 'http-csp', 'websocket-origin', 'files-keys', 'audit-chain', 'accounts-platform-mode', 'host-umask'])
    expect(statusOf(posture, id), id).toBe('pass')
  expect(output).not.toContain(server.setupCode)
})

test('it ends with 1 where a check fails, and with 0 where none does', async () => {
  const server = await startTestServer({ environment: { LOG_LEVEL: 'info' } })
  await register(server.url, server.setupCode)
  const before = await doctor(server, ['--json'])
  const failing = Posture.parse(JSON.parse(before.output)).items.filter(({ status }) => status === 'fail')
  expect(before.code).toBe(failing.length > 0 ? 1 : 0)

  await chmod(join(server.dataDirectory, 'keys', 'database.key'), 0o644)
  const { code, output } = await doctor(server, ['--json'])
  const posture = Posture.parse(JSON.parse(output))
  expect(code).toBe(1)
  expect(posture).toMatchObject({ score: 39, cap: { score: 39 } })
  expect(posture.items.find(({ id }) => id === 'files-keys')).toMatchObject({
    status: 'fail',
    evidence: expect.stringContaining('database.key has mode 0644'),
  })
})

test('without a server it looks at the rest, and what only a server can answer is no pass', async () => {
  const server = await startTestServer()
  await register(server.url, server.setupCode)
  await server.stop()

  const posture = Posture.parse(JSON.parse((await doctor(server, ['--json'])).output))
  const live = posture.items
    .filter(({ area }) => area === 'http' || area === 'websocket')
    .filter(({ id }) => !['http-allowed-origins', 'http-security-txt'].includes(id))
  expect(new Set(live.map(({ status }) => status))).toEqual(new Set(['warn']))
  expect(statusOf(posture, 'audit-chain')).toBe('pass')
  expect(statusOf(posture, 'files-data-folder')).toBe('pass')
  expect(posture.score).toBeLessThanOrEqual(79)
})

test('where nothing was started yet, it says so', async () => {
  const { folder } = await startTestServer()
  const { code, output } = await doctor({ folder }, ['--data-dir', join(folder, 'nowhere'), '--json'])
  expect([0, 1]).toContain(code)
  expect(statusOf(Posture.parse(JSON.parse(output)), 'files-data-folder')).toBe('not-applicable')
})

test('what it prints is for 80 columns, without colour where nobody watches', async () => {
  const server = await startTestServer({ environment: { ACCESS_TOKEN_TTL: '86400' } })
  const { code, output } = await doctor(server)
  expect(code).toBe(1)
  expect(output).toContain('✕ Access tokens and logins end soon enough')
  expect(output).toContain('  accounts-token-lifetime · medium')
  expect(output).toMatch(/^Score \d+ of 100 \([A-F]\) {2}█*░*$/m)
  // Commands and the folder are not broken, so that they can be copied.
  const long = output.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $') && !line.startsWith('/'))
  expect(long).toEqual([])
  expect(output).not.toContain('\u001b')
})

test('the route is for owners who just proved who they are', async () => {
  const clock = new TestClock()
  const { owner } = await startWithOwner({ clock, environment: { BCRYPT_ROUNDS: '12' } })
  const { status, body } = await owner.request('GET', '/security/posture')
  expect(status).toBe(200)
  const posture = Posture.parse(body)
  expect(statusOf(posture, 'http-host')).toBe('pass')
  expect(statusOf(posture, 'agents-isolation')).toBe('fail')

  clock.advance(6 * 60_000)
  expect(await owner.request('GET', '/security/posture')).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
})
