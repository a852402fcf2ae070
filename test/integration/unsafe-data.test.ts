import { execFile } from 'node:child_process'
import { chmod, open, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callApi } from '../support/api-client.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'

const BUBBLEWRAP = 'bwrap'
const isRoot = process.getuid?.() === 0
const hasBubblewrap = await new Promise<boolean>((resolve) => {
  execFile(BUBBLEWRAP, ['--ro-bind', '/', '/', 'true'], (error) => {
    resolve(error === null)
  })
})

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

test('what was too wide is narrowed at the start and written to the log', async () => {
  const first = await startTestServer()
  await first.stop()
  const key = join(first.dataDirectory, 'keys', 'database.key')
  await chmod(key, 0o644)
  await chmod(first.dataDirectory, 0o755)

  const second = await startTestServer({ folder: first.folder })

  expect([await modeOf(first.dataDirectory), await modeOf(key)]).toEqual(['700', '600'])
  await expect.poll(second.output).toContain(`${key} had mode 644 and has 600 now`)
})

test('the database that is missing or emptied is told, and no new one is made in its place', async () => {
  const server = await startTestServer()
  await server.stop()
  // Seals the end of the log.
  expect((await runServerToItsEnd({ folder: server.folder, arguments: ['audit', 'export'] })).code).toBe(0)
  const path = join(server.dataDirectory, 'ai-code-ui.db')

  await truncate(path, 0)
  const emptied = await runServerToItsEnd({ folder: server.folder })
  await rm(path)
  const missing = await runServerToItsEnd({ folder: server.folder })

  for (const { code, output } of [emptied, missing]) {
    expect(code).toBe(78)
    expect(output).toMatch(/^The database \S+ is missing or empty.*restore a backup/)
  }
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('after a crash the database is read through, and a garbled page keeps the server from starting', async () => {
  const server = await startTestServer()
  await server.stop('SIGKILL')
  const again = await startTestServer({ folder: server.folder })
  expect((await callApi(again.url, 'GET', '/ready')).status).toBe(200)
  await again.stop('SIGKILL')
  const path = join(server.dataDirectory, 'ai-code-ui.db')
  await rm(`${path}-wal`)
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(64, 7), 0, 64, size - 2000)
  await file.close()

  const { code, output } = await runServerToItsEnd({ folder: server.folder })

  expect(code).toBe(78)
  expect(output).toMatch(/^The database \S+ (is damaged|cannot be read).*restore/)
})

test.runIf(isRoot && hasBubblewrap)('a data folder that cannot be written to is told', async () => {
  const server = await startTestServer()
  await server.stop()
  const main = join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts')
  const words = ['--dev-bind', '/', '/', '--ro-bind', server.dataDirectory, server.dataDirectory, process.execPath, main]
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: server.folder, DATA_DIR: server.dataDirectory, PORT: '0' }
    execFile(BUBBLEWRAP, words, { env, cwd: server.folder, timeout: 20_000 }, (error, _, stderr) => {
      resolve({ code: error?.code, output: stderr })
    })
  })

  expect({ code, output }).toMatchObject({ code: 78, output: expect.stringMatching(/^The data folder \S+ cannot be written to \(/) })
})
