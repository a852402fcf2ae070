import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PLATFORM_MARKER } from '#protocol/auth'
import { ROUTE_RULES } from '../../src/server/http/permission-table.ts'
import { callApi, PASSWORD, register } from '../support/api-client.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'

/*
 * Platform mode takes away the login and no other wall.
 */

const ON = { PLATFORM_MODE: 'true' }

const startPlatform = (options: TestAppOptions = {}) => startTestApp({ ...options, environment: { ...ON, ...options.environment } })

test('whatever a request brings along, it is served as the first user', async () => {
  const { url } = await startPlatform()

  for (const headers of [{ authorization: 'Bearer x.y.z' }, { 'x-api-key': 'acu_wrong' }, { cookie: 'acu_refresh_x=1' }])
    expect((await callApi(url, 'GET', '/auth/user', { headers })).body).toMatchObject({ username: 'local' })
})

test.for([
  ['POST', '/auth/login', { username: 'local', password: '' }],
  ['POST', '/auth/register', { username: 'eve', password: PASSWORD }],
  ['POST', '/auth/refresh', undefined],
  ['POST', '/auth/passkeys/challenge', undefined],
  ['POST', '/auth/passkeys/login', {}],
  ['POST', '/auth/invitations/inspect', { code: 'x' }],
  ['POST', '/auth/invitations/accept', {}],
] as const)('%s %s says that there is no login', async ([method, path, body]) => {
  const { url } = await startPlatform()

  expect(await callApi(url, method, path, { body })).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', error: expect.stringContaining('Platform mode is on') },
  })
})

test('whatever manages accounts or wants a fresh proof is refused', async () => {
  const { app, url } = await startPlatform()
  const guarded = Object.entries(ROUTE_RULES).filter(([, { permission, stepUp }]) => permission === 'account' || stepUp)
  const routes = guarded
    .map(([route]) => route.split(' '))
    .filter(([method = '', path = '']) => app.http.hasRoute({ method, url: `/api${path}` }))
  expect(routes.length).toBeGreaterThan(15)

  for (const [method = '', path = ''] of routes) {
    const answer = await callApi(url, method, path.replace(/:\w+/g, 'some'), { body: method === 'GET' ? undefined : {} })
    expect({ method, path, ...answer }).toMatchObject({
      method,
      path,
      status: 403,
      body: { code: 'FORBIDDEN', error: expect.stringMatching(/[Pp]latform mode/) },
    })
  }
})

test.for([
  ['a rebound name', { host: 'rebind.evil.test' }, 421, 'HOST_NOT_ALLOWED'],
  ['another origin', { origin: 'https://evil.test' }, 403, 'ORIGIN_NOT_ALLOWED'],
  ['no origin that has a name', { origin: 'null' }, 403, 'ORIGIN_NOT_ALLOWED'],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403, 'ORIGIN_NOT_ALLOWED'],
  ['a page of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403, 'ORIGIN_NOT_ALLOWED'],
] as const)('%s is refused on HTTP and sockets, with effect on nothing', async ([, headers, status, code]) => {
  const { app, url, projectPath, database } = await startPlatform()
  const { host = '', ...others } = headers as Record<string, string>

  for (const [method, path] of [
    ['GET', '/api/projects'],
    ['POST', '/api/projects'],
    ['POST', '/api/auth/ws-ticket'],
  ] as const) {
    const answer = await app.http.inject({
      method,
      url: path,
      headers: { host: host === '' ? 'localhost' : host, ...others },
      ...(method === 'POST' ? { payload: { path: projectPath } } : {}),
    })
    expect({ status: answer.statusCode, body: answer.json<unknown>() }).toMatchObject({ status, body: { code } })
  }
  for (const query of ['', 'token=x', 'ticket=x'])
    expect(await SocketClient.refused(url, { query, ...(host === '' ? {} : { host }), headers: others })).toMatchObject({
      status,
      body: { code },
    })
  expect(await database.selectFrom('projects').select('id').execute()).toEqual([])
})

test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a request that a form of another site could send, as %s, is refused',
  async (type) => {
    const { url, projectPath, database } = await startPlatform()

    const answer = await fetch(`${url}/api/projects`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ path: projectPath }),
    })

    expect(answer.status).toBe(415)
    expect(await database.selectFrom('projects').select('id').execute()).toEqual([])
  },
)

test('nothing that a request or a project holds turns it on', async () => {
  const { url, projectPath, setupCode } = await startTestApp()
  const ada = await register(url, setupCode)
  for (const name of ['.env', '.env.local', 'config.json'])
    await writeFile(
      join(projectPath, name),
      name === 'config.json' ? '{"platformMode":true}' : 'VITE_IS_PLATFORM=true\nPLATFORM_MODE=true\n',
    )
  await ada.addProject(projectPath)
  const headers = {
    'x-platform': '1',
    'x-platform-mode': 'true',
    'platform-mode': 'true',
    cookie: 'PLATFORM_MODE=true; VITE_IS_PLATFORM=true; platform=1',
  }

  for (const query of ['', '?platform=true', '?PLATFORM_MODE=true&VITE_IS_PLATFORM=true', '?platformMode=1']) {
    expect(await callApi(url, 'GET', `/auth/user${query}`, { headers })).toMatchObject({ status: 401 })
    expect(await SocketClient.refused(url, { query: query.slice(1), headers })).toMatchObject({ status: 401 })
    expect((await callApi(url, 'GET', `/auth/status${query}`, { headers })).body).toMatchObject({
      platformMode: false,
      authenticated: false,
    })
  }
})

test('the key of the installation is asked for all the same, also for sockets, and by the page that can ask', async () => {
  const API_KEY = 'G7!k0-pz_Qw4~r2T'
  const webFiles = { 'index.html': '<p>app</p>', 'sign-in.html': '<p>sign in</p>' }
  const { url } = await startPlatform({ environment: { API_KEY }, webFiles })
  const headers = { 'x-api-key': API_KEY }

  expect(await callApi(url, 'GET', '/auth/user')).toMatchObject({ status: 401, body: { details: { needs: 'api-key' } } })
  expect(await SocketClient.refused(url, {})).toMatchObject({ status: 401, body: { details: { needs: 'api-key' } } })
  expect((await callApi(url, 'GET', '/auth/user', { headers })).status).toBe(200)
  await (await SocketClient.connect(url, { headers })).roundTrip()
  const { ticket } = (await callApi(url, 'POST', '/auth/ws-ticket', { headers })).body as { ticket: string }
  await (await SocketClient.connect(url, { query: `ticket=${ticket}` })).roundTrip()
  expect(await (await fetch(`${url}/`)).text()).toBe('<p>sign in</p>')
  const marked = await fetch(`${url}/`, { headers: { cookie: `${PLATFORM_MARKER}=1` } })
  expect(await marked.text()).toBe('<p>app</p>')
})
