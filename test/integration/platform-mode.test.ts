import { expect, test } from 'vitest'
import { AuthStatus } from '#protocol/auth'
import { UserId } from '#protocol/ids'
import { Project } from '#protocol/projects'
import { callApi, Device, PASSWORD, register, signIn } from '../support/api-client.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { startMessage } from '../support/session-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/test-app.ts'
import { insertUser } from '../support/test-database.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'
import { within } from '../support/within.ts'

/*
 * Platform mode: no login: the first user serves all, also when it is turned on later and off again.
 */

const ON = { PLATFORM_MODE: 'true' }

const startPlatform = (options: TestAppOptions = {}) => startTestApp({ ...options, environment: { ...ON, ...options.environment } })

async function again(server: TestApp, environment: Record<string, string>): Promise<TestApp> {
  await server.close()
  return startTestApp({ of: server, environment })
}

const statusOf = async (url: string) => AuthStatus.parse((await callApi(url, 'GET', '/auth/status')).body)
const actionsOf = async ({ database }: TestApp) =>
  (await database.selectFrom('audit_log').select('action').where('action', 'like', 'platform.%').orderBy('seq').execute()).map(
    ({ action }) => action,
  )

test('where there is nobody, a user "local" is made and serves everybody, without a setup code', async () => {
  const server = await startPlatform()

  expect(server.setupCode).toBeNull()
  expect(await statusOf(server.url)).toMatchObject({
    needsSetup: false,
    authenticated: true,
    platformMode: true,
    user: { username: 'local', role: 'owner' },
  })
  expect((await callApi(server.url, 'GET', '/auth/user')).body).toMatchObject({ username: 'local' })
  expect(await actionsOf(server)).toEqual(['platform.user_created', 'platform.started'])
  const restarted = await again(server, ON)
  expect(await actionsOf(restarted)).toEqual(['platform.user_created', 'platform.started', 'platform.started'])
})

test('the first user serves all: neither a disabled nor a removed nor a later one', async () => {
  const off = await startTestApp()
  const at = (day: number) => `2026-01-0${String(day)}T00:00:00.000Z`
  for (const [day, username] of ['gone', 'ill', 'ada', 'eve'].entries()) {
    await off.database
      .insertInto('users')
      .values({
        id: UserId.parse(`usr_${username}`),
        username,
        username_key: username,
        password_hash: 'unused',
        role: 'owner',
        created_at: at(day + 1),
        last_login_at: null,
        disabled_at: username === 'ill' ? at(9) : null,
        removed_at: username === 'gone' ? at(9) : null,
        password_changed_at: null,
      })
      .execute()
  }

  const { url, database } = await again(off, ON)

  expect((await statusOf(url)).user).toMatchObject({ username: 'ada' })
  expect(await database.selectFrom('users').select('username').where('username', '=', 'local').execute()).toEqual([])
})

test('work is done without a login: a project, a socket with a ticket and one without, a session', async () => {
  const provider = new ScriptedProvider()
  const { url, projectPath } = await startPlatform({ providers: [provider] })
  const project = Project.parse((await callApi(url, 'POST', '/projects', { body: { path: projectPath } })).body)
  const { ticket } = (await callApi(url, 'POST', '/auth/ws-ticket')).body as { ticket: string }

  for (const query of [`ticket=${ticket}`, '', 'token=whatever']) {
    const socket = await SocketClient.connect(url, { query, origin: url })
    socket.send(startMessage(project.id))
    await socket.take('session-started')
  }

  expect((await callApi(url, 'GET', '/sessions')).body).toMatchObject({ items: [{}, {}, {}] })
})

test('the app is sent to everybody, and the sign-in page to nobody', async () => {
  const { url } = await startPlatform({ webFiles: { 'index.html': '<p>app</p>', 'sign-in.html': '<p>sign in</p>' } })

  expect(await (await fetch(`${url}/`)).text()).toBe('<p>app</p>')
})

test('turned off again, the accounts of before sign in as ever, and nobody else gets in', async () => {
  const first = await startTestApp()
  await register(first.url, first.setupCode)
  const open = await again(first, ON)
  expect((await statusOf(open.url)).user).toMatchObject({ username: 'ada' })
  const { ticket } = (await callApi(open.url, 'POST', '/auth/ws-ticket')).body as { ticket: string }

  const { url, setupCode } = await again(open, {})

  expect(setupCode).toBeNull()
  expect(await statusOf(url)).toMatchObject({ needsSetup: false, authenticated: false, platformMode: false })
  expect((await callApi(url, 'GET', '/auth/user')).status).toBe(401)
  expect(await SocketClient.refused(url, { query: `ticket=${ticket}` })).toMatchObject({ status: 401 })
  expect((await (await signIn(url)).request('GET', '/auth/user')).body).toMatchObject({ username: 'ada' })
})

test('turned off with nobody but "local", setup takes its work over, by the setup code alone', async () => {
  const open = await startPlatform()
  const project = Project.parse((await callApi(open.url, 'POST', '/projects', { body: { path: open.projectPath } })).body)
  const { user: local } = await statusOf(open.url)

  const closed = await again(open, {})

  const { url, setupCode, database } = closed
  expect(setupCode).not.toBeNull()
  expect(await statusOf(url)).toMatchObject({ needsSetup: true, authenticated: false })
  for (const password of ['', 'x', 'local'])
    expect((await callApi(url, 'POST', '/auth/login', { body: { username: 'local', password } })).status).not.toBe(200)
  expect(await callApi(url, 'POST', '/auth/register', { body: { username: 'eve', password: PASSWORD, setupCode: 'WRONG' } })).toMatchObject(
    {
      status: 403,
    },
  )
  const ada = await register(url, setupCode)
  expect(ada.user).toMatchObject({ id: local?.id, username: 'ada', role: 'owner' })
  expect((await ada.request('GET', '/projects')).body).toMatchObject({ items: [{ id: project.id }] })
  expect(await database.selectFrom('users').select('username').execute()).toEqual([{ username: 'ada' }])
  expect(await statusOf(url)).toMatchObject({ needsSetup: false })
  expect(
    (await callApi(url, 'POST', '/auth/register', { body: { username: 'eve', password: PASSWORD, setupCode: setupCode ?? '' } })).status,
  ).toBe(403)
  const reopened = await again(closed, ON)
  expect((await statusOf(reopened.url)).user).toMatchObject({ id: local?.id, username: 'ada' })
})

test('of 10 who take "local" over at once one does', async () => {
  const closed = await again(await startPlatform(), {})
  const body = (index: number) => ({ username: `user${String(index)}`, password: PASSWORD, setupCode: closed.setupCode ?? '' })

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => callApi(closed.url, 'POST', '/auth/register', { body: body(index) })),
  )

  const won = answers.filter(({ status }) => status === 201)
  expect(won).toHaveLength(1)
  const users = await closed.database.selectFrom('users').select('username').execute()
  expect(users).toEqual([{ username: new Device(closed.url, won[0] ?? { status: 0, headers: new Headers(), body: null }).user.username }])
})

test('with every user disabled it does not start, and says what to do', async () => {
  const off = await startTestApp()
  await insertUser(off.database, { username: 'ada', password: PASSWORD, role: 'owner' })
  await off.database.updateTable('users').set({ disabled_at: '2026-11-01T12:00:00.000Z' }).execute()

  await expect(again(off, ON)).rejects.toThrow(/every user is disabled. Enable one with "ai-code-ui user enable NAME"/)
})

test('the process warns that there is no login and prints no setup code', async () => {
  const server = await startTestServer({ environment: { VITE_IS_PLATFORM: 'true' } })

  await within(5000, 'the warning', expect.poll(() => server.output()).toContain('Warning: platform mode is on. There is no login'))
  expect(server.setupCode).toBeNull()
  expect(server.output()).not.toContain('etup code')
  expect((await callApi(server.url, 'GET', '/projects')).status).toBe(200)
})

test.for([
  [{ HOST: '0.0.0.0', PLATFORM_MODE: 'true' }, 'PLATFORM_MODE is refused on HOST "0.0.0.0"'],
  [{ HOST: '::', VITE_IS_PLATFORM: '1' }, 'PLATFORM_MODE is refused on HOST "::"'],
  [{ PLATFORM_MODE: 'perhaps' }, 'PLATFORM_MODE must be true or false'],
] as const)('the process ends with 78 for %o', async ([environment, sentence]) => {
  const { code, output } = await runServerToItsEnd({ environment })

  expect({ code, lines: output.trim().split('\n') }).toEqual({ code: 78, lines: [expect.stringContaining(sentence)] })
})
