import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CreatedApiKey } from '#protocol/api-keys'
import { callApi, PASSWORD, register, signIn } from '../support/api-client.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'

/*
 * What the owner of the host does without signing in, beside a running server: each command is a process of its own.
 */

const login = (url: string, password: string) => callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password } })

test('a password is reset on the host: every device is out, and the new one gets in', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const socket = await device.connect()

  const { code, output } = await runServerToItsEnd({ folder: server.folder, arguments: ['user', 'reset-password', 'ADA'] })
  expect(code).toBe(0)
  const password = /The new password of ada is: (\S+)/.exec(output)?.[1] ?? ''
  expect(await socket.closed).toMatchObject({ code: 4401 })
  await expect.poll(async () => (await device.request('GET', '/auth/user')).status, { timeout: 5000 }).toBe(401)
  expect((await login(server.url, PASSWORD)).status).toBe(401)
  expect((await login(server.url, password)).status).toBe(200)
})

test('a reset tells what still opens the account without the password, and revokes it where that is asked for', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const made = await device.request('POST', '/keys', { body: { name: 'nightly', scopes: ['read'] } })
  const { key } = CreatedApiKey.parse(made.body)
  const reset = (...words: string[]) => runServerToItsEnd({ folder: server.folder, arguments: ['user', 'reset-password', 'ada', ...words] })
  const status = async () => (await callApi(server.url, 'GET', '/sessions', { headers: { authorization: `Bearer ${key}` } })).status

  expect(await reset()).toMatchObject({ code: 0, output: expect.stringContaining('1 API key of the user still opens') })
  expect(await status()).toBe(200)
  const { code, output } = await reset('--revoke-keys')
  expect(code).toBe(0)
  expect(output).toContain('1 API key revoked.')
  expect(output).not.toContain('still open')
  await expect.poll(status, { timeout: 5000 }).toBe(401)
})

test('taking the second factors away on the host leaves the user a notice', async () => {
  const server = await startTestServer()
  await register(server.url, server.setupCode)

  expect(await runServerToItsEnd({ folder: server.folder, arguments: ['user', 'reset-factors', 'ada'] })).toMatchObject({ code: 0 })

  const notices = await (await signIn(server.url)).request('GET', '/auth/notices')
  expect(notices.body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ kind: 'factor-removed', facts: { factor: 'all' } })]),
  })
})

test('a user is disabled and enabled again, and listed', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const run = (...words: string[]) => runServerToItsEnd({ folder: server.folder, arguments: ['user', ...words] })

  expect(await run('disable', 'ada')).toMatchObject({ code: 0, output: expect.stringContaining('No owner is left') })
  await expect.poll(async () => (await device.request('GET', '/auth/user')).status, { timeout: 5000 }).toBe(401)
  expect((await login(server.url, PASSWORD)).body).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  expect((await run('list')).output).toMatch(/ada {2}owner {2}disabled since/)
  expect((await run('enable', 'ada')).code).toBe(0)
  expect((await signIn(server.url)).user.username).toBe('ada')
})

test.for([
  [['user', 'enable', 'nobody'], 1, 'There is no user "nobody" here.'],
  [['user', 'enable'], 78, '"user enable" needs NAME.'],
  [['user', 'remove', 'ada'], 78, '"user remove" is not a command of this version.'],
  [['audit', 'export', '--from', 'yesterday'], 78, '"yesterday" is no time'],
  [['audit', 'export', '--all', '--from', '2026-11-01'], 78, '"--all" takes no "--from"'],
] as const)('%o ends with %d and a sentence', async ([words, code, sentence]) => {
  const server = await startTestServer()
  await register(server.url, server.setupCode)
  expect(await runServerToItsEnd({ folder: server.folder, arguments: [...words] })).toMatchObject({
    code,
    output: expect.stringContaining(sentence),
  })
})

test('without an installation a command says so and makes nothing', async () => {
  const { code, output } = await runServerToItsEnd({ arguments: ['user', 'list'] })
  expect(code).toBe(1)
  expect(output).toContain('does not exist')
})

test('the audit log is verified and exported while the server runs, and a cut-off end is found', async () => {
  const server = await startTestServer()
  await register(server.url, server.setupCode)
  const run = (...words: string[]) => runServerToItsEnd({ folder: server.folder, arguments: ['audit', ...words] })

  expect(await run('verify')).toMatchObject({ code: 0, output: expect.stringContaining('entries are as they were written') })
  const exported = (await run('export')).output.trim().split('\n')
  expect(exported.map(actionOf)).toEqual(expect.arrayContaining(['server.started', 'auth.registered', 'auth.login', 'audit.exported']))

  await server.stop()
  const checkpoints = join(server.dataDirectory, 'audit', 'checkpoints.jsonl')
  const [line = ''] = (await readFile(checkpoints, 'utf8')).trim().split('\n').slice(-1)
  const checkpoint: { seq: number } = JSON.parse(line)
  await writeFile(checkpoints, `${line}\n${JSON.stringify({ ...checkpoint, seq: checkpoint.seq + 50 })}\n`)
  expect(await run('verify', '--json')).toMatchObject({ code: 1, output: expect.stringContaining('"ok":false') })
  await writeFile(checkpoints, `nonsense\n${line}\n`)
  expect(await run('verify')).toMatchObject({ code: 1, output: expect.stringMatching(/^Line 1 of \S+ is no checkpoint: [^\n]*\n$/) })
})

function actionOf(line: string): unknown {
  const entry: unknown = JSON.parse(line)
  return typeof entry === 'object' && entry !== null && 'action' in entry ? entry.action : undefined
}
