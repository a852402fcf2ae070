import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Project } from '#protocol/projects'
import { callApi, register } from '../support/api-client.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'

/*
 * The whole product, killed with `kill -9` while it answers requests that change something. What killed-writer.test.ts shows
 * of the storage two hundred times holds for what HTTP acknowledged, too.
 */

const KILLS = 6

test('what HTTP acknowledged before the server was killed is there after it started again', { timeout: 120_000 }, async () => {
  let server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const path = join(server.workspacesRoot, 'project')
  await mkdir(path)
  const { id } = Project.parse((await device.request('POST', '/projects', { body: { path } })).body)
  const headers = { authorization: `Bearer ${device.token}` }
  let acknowledged = 0
  let sent = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { url, stop } = server
    const before = acknowledged
    const renaming = (async () => {
      for (;;) {
        sent += 1
        const { status } = await callApi(url, 'PATCH', `/projects/${id}`, { body: { name: `name ${String(sent)}` }, headers })
        if (status === 200) acknowledged = sent
      }
    })()
    const ended = renaming.catch(() => {})
    while (acknowledged === before) await delay(5)
    await delay(randomInt(0, 150))
    await stop('SIGKILL')
    await ended

    server = await startTestServer({ folder: server.folder })
    const { body } = await callApi(server.url, 'GET', `/projects/${id}`, { headers })
    const found = Number(Project.parse(body).name.split(' ')[1])
    expect(found).toBeGreaterThanOrEqual(acknowledged)
    expect(found).toBeLessThanOrEqual(sent)
  }
  const { code, output } = await runServerToItsEnd({ folder: server.folder, arguments: ['audit', 'verify'] })
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('as they were written') })
})
