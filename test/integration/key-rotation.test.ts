import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/server/platform/database.ts'
import { loadKey } from '../../src/server/platform/key-store.ts'
import { callApi, Device, register } from '../support/api-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'
import { eventually } from '../support/within.ts'

/*
 * `keys rotate --jwt` as a process of its own, on the data folder of a server that runs.
 */

const rotate = (folder: string, environment: Record<string, string> = {}) =>
  runServerToItsEnd({ folder, environment, arguments: ['keys', 'rotate', '--jwt'] })

test('a rotation beside a running server signs nobody out, and new tokens have the new key', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const socket = await device.connect()

  const { code, output } = await rotate(server.folder)

  const kid = /new key ([0-9a-f]{16})/.exec(output)?.[1] ?? ''
  expect({ code, kid }).toEqual({ code: 0, kid: expect.stringMatching(/^[0-9a-f]{16}$/) })
  let cookie = device.refreshCookie
  const next = await eventually('a token of the new key', async () => {
    const renewed = new Device(server.url, await callApi(server.url, 'POST', '/auth/refresh', { headers: { cookie } }))
    cookie = renewed.refreshCookie
    return decodeProtectedHeader(renewed.token).kid === kid ? renewed : null
  })
  expect(decodeProtectedHeader(device.token).kid).not.toBe(kid)
  for (const each of [device, next]) expect((await each.request('GET', '/auth/user')).status).toBe(200)
  await socket.roundTrip()
  expect(server.output()).not.toContain(await secretsIn(server.dataDirectory))
})

test('it is in the audit log, and holds after a restart', async () => {
  const first = await startTestServer()
  const device = await register(first.url, first.setupCode)
  const { output } = await rotate(first.folder)
  await first.stop()
  const key = loadKey(first.dataDirectory, 'database')
  const database = await openDatabase(join(first.dataDirectory, 'ai-code-ui.db'), key ?? Buffer.alloc(0))

  const entries = await database.selectFrom('audit_log').select(['actor', 'subject']).where('action', '=', 'keys.rotated').execute()

  await database.destroy()
  expect(entries).toEqual([{ actor: 'command line', subject: /new key (\w+)/.exec(output)?.[1] }])
  const second = await startTestServer({ folder: first.folder })
  expect((await callApi(second.url, 'GET', '/auth/user', { headers: { authorization: `Bearer ${device.token}` } })).status).toBe(200)
})

test('a key that comes from the environment is not ours to change', async () => {
  const server = await startTestServer({ environment: { JWT_SECRET: 'x1'.repeat(20) } })

  const { code, output } = await rotate(server.folder, { JWT_SECRET: 'x1'.repeat(20) })

  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^The key .*JWT_SECRET.* by hand\. Nothing was changed\.\n$/) })
})

test('where there is no installation nothing is made, and the encryption key is left alone', async () => {
  const folder = await temporaryFolder()

  expect(await rotate(folder)).toMatchObject({ code: 1, output: expect.stringContaining('holds no key to rotate') })
  expect(await runServerToItsEnd({ folder, arguments: ['keys', 'rotate', '--jwt', '--encryption'] })).toMatchObject({
    code: 1,
    output: expect.stringContaining('cannot rotate the encryption key yet'),
  })
})

async function secretsIn(dataDirectory: string): Promise<string> {
  const ring = await readFile(join(dataDirectory, 'keys', 'jwt-ring.json'), 'utf8')
  return /"secret": "([0-9a-f]{64})"/.exec(ring)?.[1] ?? ring
}
