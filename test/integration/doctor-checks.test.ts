import { randomBytes } from 'node:crypto'
import { chmod, open, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Installation, ProcessFacts } from '../../src/server/doctor/installation.ts'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import { processFacts } from '../../src/server/doctor/probe/process-facts.ts'
import { CHECKS } from '../../src/server/doctor/registry.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import type { Database } from '../../src/server/platform/database.ts'

import { daysAgo, findingOf, makeInstallation, NOW, type StageOptions, startCarelessProcess } from '../support/doctor-stage.ts'
import { account, addKey, addLogin, addPasskey, addProject, addRule, addSession, emptyLog } from '../support/doctor-rows.ts'
import { startTestServer } from '../support/test-server.ts'

/*
 * Every check that needs no server, on an installation where it passes and on one where it does not: real files with real
 * modes, a real database with real rows, a real process. What is asked of a server stands in doctor-live.test.ts, what is
 * asked of a public address in doctor-tls.test.ts.
 */

type Stage = () => Promise<Installation>
type Expected = 'warn' | 'fail'

const withSettings =
  (settings: Record<string, string>): Stage =>
  () =>
    makeInstallation({ settings })
const plain: Stage = () => makeInstallation()

/** An installation in whose data folder something was done. */
const inFolder =
  (work: (dataDirectory: string, installation: Installation) => Promise<unknown>, options: StageOptions = {}): Stage =>
  async () => {
    const installation = await makeInstallation(options)
    await work(installation.config.dataDirectory, installation)
    return installation
  }

/** An installation in whose database something was written. */
const inDatabase =
  (work: (database: Database, installation: Installation) => Promise<unknown>, options: StageOptions = {}): Stage =>
  async () => {
    const installation = await makeInstallation(options)
    if (installation.database) await work(installation.database, installation)
    return installation
  }

const withProcess =
  (facts: () => Promise<ProcessFacts | null>, options: StageOptions = {}): Stage =>
  async () =>
    makeInstallation({ ...options, process: await facts() })

const ownServer = async () => processFacts((await startTestServer()).pid)
const asUser = (uid: number) => async () => ({ ...(await startCarelessProcess()), uid })
const isolated =
  (isolation: 'cage' | 'none'): Stage =>
  () =>
    makeInstallation({ isolation: () => Promise.resolve({ isolation, explanation: 'It was tried.' }) })
const forwarding =
  (problem: string | null): Stage =>
  () =>
    makeInstallation({
      settings: { AUDIT_FORWARD: 'syslog:tcp://127.0.0.1:514' },
      auditForward: () =>
        Promise.resolve({ target: 'syslog', seq: 1, behind: 0, failing: problem === null ? null : { since: daysAgo(1), problem } }),
    })
const verified =
  (ok: boolean): Stage =>
  () =>
    makeInstallation({
      auditVerdict: () =>
        Promise.resolve({
          ok,
          at: NOW.toISOString(),
          entries: 2,
          checkpoints: 1,
          sealedTo: 2,
          segments: 0,
          problem: ok ? null : { seq: 2, what: 'was changed' },
        }),
    })
const STRONG = randomBytes(32).toString('hex')

/** Where it passes, where it does not, and how bad that is. */
const CASES: Readonly<Record<string, [Stage, Stage, Expected]>> = {
  'network-bind-address': [
    async () => makeInstallation({ server: await started({}) }),
    async () => makeInstallation({ settings: { HOST: '0.0.0.0' }, server: await started({ HOST: '0.0.0.0' }) }),
    'fail',
  ],
  'network-https': [withSettings({ TRUST_PROXY: '127.0.0.1' }), withSettings({ HOST: '0.0.0.0' }), 'fail'],
  'network-trusted-proxies': [withSettings({ TRUST_PROXY: '10.0.0.7' }), withSettings({ TRUST_PROXY: '0.0.0.0/0' }), 'fail'],
  'http-allowed-origins': [plain, withSettings({ ALLOWED_ORIGINS: 'http://code.example.org' }), 'fail'],
  'secrets-jwt': [plain, withSettings({ JWT_SECRET: 'abcabcabcabcabcabcabcabcabcabcabcabcabc' }), 'fail'],
  'secrets-jwt-age': [
    inFolder((data) => utimes(join(data, 'keys', 'jwt-ring.json'), NOW, NOW)),
    inFolder((data) => utimes(join(data, 'keys', 'jwt-ring.json'), NOW, new Date(daysAgo(400)))),
    'warn',
  ],
  'secrets-database-encrypted': [
    plain,
    inFolder((_, { config }) => writeFile(config.databasePath, `SQLite format 3\0${'x'.repeat(100)}`), { database: null }),
    'fail',
  ],
  'secrets-database-key': [
    withSettings({ ENCRYPTION_KEY: STRONG }),
    inFolder((data) => writeFile(join(data, 'keys', 'database.key'), STRONG, { mode: 0o600 })),
    'warn',
  ],
  'secrets-environment': [withProcess(ownServer), withProcess(startCarelessProcess), 'warn'],
  'secrets-setup-code': [inDatabase((database) => account(database, {})), withSettings({ HOST: '0.0.0.0' }), 'fail'],
  'files-data-folder': [plain, inFolder((data) => chmod(data, 0o755)), 'fail'],
  'files-modes': [plain, inFolder((data) => writeFile(join(data, 'copy.db'), '').then(() => chmod(join(data, 'copy.db'), 0o640))), 'fail'],
  'files-keys': [plain, inFolder((data) => chmod(join(data, 'keys', 'jwt-ring.json'), 0o644)), 'fail'],
  'files-database': [plain, inFolder((_, { config }) => chmod(config.databasePath, 0o660)), 'fail'],
  'files-above': [plain, inFolder((data) => chmod(join(data, '..'), 0o777)), 'fail'],
  'files-settings': [
    inFolder((data) => writeFile(join(data, 'config.json'), '{}', { mode: 0o600 })),
    inFolder((data) => writeFile(join(data, 'config.json'), '{}').then(() => chmod(join(data, 'config.json'), 0o644))),
    'fail',
  ],
  'files-program': [plain, inFolder((_, { packageRoot }) => chmod(join(packageRoot, 'package.json'), 0o666)), 'fail'],
  'storage-space': [plain, async () => withFolder(await makeInstallation(), '/proc/sys'), 'fail'],
  'storage-journal': [plain, inDatabase((database) => sql`pragma journal_mode = delete`.execute(database)), 'fail'],
  'storage-damage': [plain, async () => damaged(await makeInstallation()), 'fail'],
  'accounts-platform-mode': [plain, withSettings({ PLATFORM_MODE: 'true', PLATFORM_MODE_ALLOW_REMOTE: 'true', HOST: '0.0.0.0' }), 'fail'],
  'accounts-second-factor': [
    inDatabase(async (database) => addPasskey(database, await account(database, { role: 'owner' }))),
    inDatabase((database) => account(database, { role: 'owner' }), { settings: { HOST: '0.0.0.0' } }),
    'fail',
  ],
  'accounts-password-hashes': [
    inDatabase((database) => account(database, { hash: `$2b$12$${'a'.repeat(53)}` })),
    inDatabase((database) => account(database, { hash: `$2b$04$${'a'.repeat(53)}` })),
    'fail',
  ],
  'accounts-unused': [
    inDatabase((database) => account(database, { lastLogin: daysAgo(3) })),
    inDatabase((database) => account(database, { lastLogin: daysAgo(200) })),
    'warn',
  ],
  'accounts-logins': [
    inDatabase(async (database) => addLogin(database, await account(database, {}), daysAgo(1))),
    inDatabase(async (database) => addLogin(database, await account(database, {}), daysAgo(45))),
    'warn',
  ],
  'accounts-key-expiry': [
    inDatabase(async (database) => addKey(database, await account(database, {}), { expires: daysAgo(-9), used: daysAgo(1) })),
    inDatabase(async (database) => addKey(database, await account(database, {}), { expires: null, used: daysAgo(1) })),
    'warn',
  ],
  'accounts-key-use': [
    inDatabase(async (database) => addKey(database, await account(database, {}), { expires: null, used: daysAgo(1) })),
    inDatabase(async (database) => addKey(database, await account(database, {}), { expires: null, used: null })),
    'warn',
  ],
  'accounts-token-lifetime': [plain, withSettings({ ACCESS_TOKEN_TTL: '86400' }), 'fail'],
  'approvals-skipped': [
    inDatabase((database) => addSession(database, { mode: 'default', until: null })),
    inDatabase((database) => addSession(database, { mode: 'bypassPermissions', until: daysAgo(-1) })),
    'warn',
  ],
  'approvals-rules': [
    inDatabase((database) => addRule(database, { tools: ['Bash'], command: 'git log *' })),
    inDatabase((database) => addRule(database, { tools: ['Bash'], command: '**' })),
    'fail',
  ],
  'approvals-timeout': [plain, withSettings({ CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '0' }), 'warn'],
  'approvals-projects': [
    inDatabase((database) => addProject(database, '/srv/shop')),
    inDatabase((database, { config }) => addProject(database, join(config.dataDirectory, '..'))),
    'fail',
  ],
  'agents-isolation': [isolated('cage'), isolated('none'), 'fail'],
  'agents-isolation-required': [withSettings({ AGENT_ISOLATION: 'required' }), plain, 'warn'],
  'agents-root': [withProcess(asUser(1000)), withProcess(asUser(0)), 'fail'],
  'agents-environment': [
    withSettings({ JWT_SECRET: STRONG }),
    withSettings({ JWT_SECRET: STRONG, ANTHROPIC_CUSTOM_HEADERS: `x: ${STRONG}` }),
    'fail',
  ],
  'agents-limits': [plain, withSettings({ AGENT_MAX_PROCESSES: '0' }), 'warn'],
  'agents-program': [
    withSettings({ CLAUDE_CLI_PATH: '/bin/sh' }),
    async () => {
      const { packageRoot } = await makeInstallation()
      const path = join(packageRoot, 'claude')
      await writeFile(path, '')
      await chmod(path, 0o777)
      return makeInstallation({ settings: { CLAUDE_CLI_PATH: path } })
    },
    'fail',
  ],
  'audit-chain': [verified(true), verified(false), 'fail'],
  'audit-signed': [
    plain,
    inDatabase(
      (database) =>
        recordAudit(database, { at: new Date(daysAgo(1)), actor: 'system', action: 'server.stopped', details: { version: '0' } }),
      {
        server: new LiveServer('http://127.0.0.1:1', 1),
        now: new Date(daysAgo(-1)),
      },
    ),
    'fail',
  ],
  'audit-pinned': [forwarding(null), forwarding('refused'), 'fail'],
  'audit-alarms': [
    plain,
    inDatabase((database) =>
      recordAudit(database, {
        at: new Date(daysAgo(1)),
        actor: 'ada',
        action: 'auth.refresh_reused',
        details: { userId: 'usr_x', logins: [] },
      }),
    ),
    'fail',
  ],
  'audit-records': [plain, inDatabase((database) => emptyLog(database)), 'fail'],
  'audit-server-log': [plain, withSettings({ LOG_LEVEL: 'silent' }), 'warn'],
  'host-settings': [
    async () => makeInstallation({ server: new LiveServer('http://127.0.0.1:1', 1) }),
    async () => makeInstallation({ server: new LiveServer('http://127.0.0.1:1', 1), isOwnConfig: false }),
    'warn',
  ],
  'host-node': [plain, () => makeInstallation({ nodeVersion: 'v24.1.0' }), 'fail'],
  'host-updates': [
    inFolder((_, { packageRoot }) => utimes(join(packageRoot, 'package.json'), NOW, NOW)),
    inFolder((_, { packageRoot }) => utimes(join(packageRoot, 'package.json'), NOW, new Date(daysAgo(300)))),
    'warn',
  ],
  'host-umask': [withProcess(ownServer), withProcess(startCarelessProcess), 'fail'],
  'host-core-dumps': [
    withProcess(async () => ({ ...(await startCarelessProcess()), coreLimit: 0 })),
    withProcess(startCarelessProcess),
    'warn',
  ],
  'host-inspector': [withProcess(ownServer), withProcess(startCarelessProcess), 'fail'],
}

/** What a test here cannot bring about on any machine, and where its judgement is tested instead. */
const ELSEWHERE = [
  'http-security-txt',
  'network-firewall',
  'storage-file-system',
  'host-clock',
  'host-service',
  'host-container',
  'storage-backup',
]

describe.each(Object.entries(CASES))('%s', (id, [good, bad, expected]) => {
  test('passes where it holds', { timeout: 20_000 }, async () => {
    const found = await findingOf(id, await good())
    expect(found.status, found.evidence).toBe('pass')
    expect(found.fix).toBeNull()
  })

  test('does not where it does not hold', { timeout: 20_000 }, async () => {
    const installation = await bad()
    const found = await findingOf(id, installation)
    expect(found.status, found.evidence).toBe(expected)
    expect(found).toMatchObject({ isLookedAt: true, evidence: expect.stringMatching(/\.$/), fix: { text: expect.stringMatching(/\.$/) } })
    expect(JSON.stringify(found)).not.toContain(STRONG)
  })
})

test('every check is shown to pass and to fail somewhere', () => {
  const live = CHECKS.filter(({ id, needs }) => needs === 'server' || id.startsWith('tls-')).map(({ id }) => id)
  expect(CHECKS.map(({ id }) => id).filter((id) => ![...Object.keys(CASES), ...live, ...ELSEWHERE].includes(id))).toEqual([])
})

/** The same with another data folder, which needs to hold nothing. */
function withFolder(installation: Installation, dataDirectory: string): Installation {
  return { ...installation, config: { ...installation.config, dataDirectory } }
}

/** Bytes on the disk are not what they were. */
async function damaged(installation: Installation): Promise<Installation> {
  const { database, config } = installation
  if (database) await sql`pragma wal_checkpoint(truncate)`.execute(database)
  const file = await open(config.databasePath, 'r+')
  await file.write(randomBytes(64), 0, 64, 3 * 4096 + 100)
  await file.close()
  // What it still has in memory is as it was.
  if (database) await sql`pragma shrink_memory`.execute(database)
  return installation
}

async function started(environment: Record<string, string>): Promise<LiveServer> {
  const { url, pid } = await startTestServer({ environment: { ...environment, LOG_LEVEL: 'silent' } })
  return new LiveServer(url, pid)
}
