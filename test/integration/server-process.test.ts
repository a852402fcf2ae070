import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { Project } from '#protocol/projects'
import { openDatabase } from '../../src/server/platform/database.ts'
import { callApi, PASSWORD, register, signIn } from '../support/api-client.ts'
import { eventOf, startMessage } from '../support/session-steps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'
import { within } from '../support/within.ts'

/*
 * The server as a process: how it starts, refuses to, and ends.
 */

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('it says where it answers, and how to make the first account, once', async () => {
  const first = await startTestServer()

  expect(first.output()).toMatch(
    /^AI Code UI is ready: http:\/\/127\.0\.0\.1:\d+\nSetup code for the first account: [\w-]+\n.*\/#setup=[\w-]+\n/,
  )
  expect((await callApi(first.url, 'GET', '/health')).body).toEqual({ status: 'ok', version: expect.any(String) })
  await register(first.url, first.setupCode)
  expect(await first.stop()).toEqual({ code: 0, signal: null })
  const second = await startTestServer({ folder: first.folder })
  expect(second.setupCode).toBeNull()
  expect(second.output()).not.toContain('etup')
})

test.for(['while it starts', 'in the moment in which it says that it is ready'])(
  'it ends in order when it is asked to %s',
  async (moment) => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const main = join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts')
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, [main], {
        env: { PATH: process.env.PATH, HOME: folder, DATA_DIR: data, PORT: '0', LOG_FORMAT: 'json' },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const closed = once(child, 'close')
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes(' is ready: ')) child.kill('SIGTERM')
      })
      for (let wait = 0; moment === 'while it starts' && wait < 5000 && !existsSync(join(data, 'server.json')); wait += 1) await delay(2)
      if (moment === 'while it starts') child.kill('SIGTERM')
      expect(await within(20_000, 'the server to end', closed)).toEqual([0, null])
      const left = await readdir(data)
      expect(left).not.toContain('server.json')
      expect(left).not.toContain('ai-code-ui.db-wal')
    }
  },
)

test('no signal opens the inspector of Node', async () => {
  const { pid, url, output } = await startTestServer()
  process.kill(pid, 'SIGUSR1')
  // Twice, with an answer between: the signal is taken before the second one.
  for (let round = 0; round < 2; round += 1) expect((await callApi(url, 'GET', '/health')).status).toBe(200)
  process.kill(pid, 'SIGUSR1')
  expect((await callApi(url, 'GET', '/health')).status).toBe(200)
  expect(output()).not.toMatch(/debugger|inspector/i)
})

test('what it keeps is for its owner alone, and no secret reaches its log', async () => {
  const server = await startTestServer({ environment: { LOG_LEVEL: 'trace' } })
  const device = await register(server.url, server.setupCode)
  const { ticket } = (await device.request('POST', '/auth/ws-ticket')).body as { ticket: string }
  const socket = await device.connect()
  await socket.roundTrip()
  await fetch(`${server.url}/api/nothing?token=${device.token}&ticket=${ticket}`)
  await server.stop()

  const { dataDirectory } = server
  for (const folder of [dataDirectory, join(dataDirectory, 'keys')]) expect(await modeOf(folder)).toBe('700')
  for (const file of ['ai-code-ui.db', 'server.lock', 'keys/jwt-ring.json', 'keys/jwt-ring.json.lock', 'keys/database.key'])
    expect(await modeOf(join(dataDirectory, file))).toBe('600')
  const [jwtKey = ''] = /[0-9a-f]{64}/.exec(await readFile(join(dataDirectory, 'keys', 'jwt-ring.json'), 'utf8')) ?? []
  expect(jwtKey).toHaveLength(64)
  for (const secret of [PASSWORD, device.token, device.refreshCookie.split('=')[1] ?? '', ticket, jwtKey])
    expect(server.output()).not.toContain(secret)
})

test('a second server on the same data folder is refused and told who has it', async () => {
  const first = await startTestServer()

  const second = await runServerToItsEnd({ folder: first.folder })

  expect(second.code).toBe(1)
  expect(second.output).toMatch(/^The data folder \S+ is in use by another AI Code UI server/)
  expect(second.output).toContain(`process ${String(first.pid)}, ${first.url}`)
  expect((await callApi(first.url, 'GET', '/ready')).status).toBe(200)
})

test('the data folder of a server that was killed is free at once', async () => {
  const first = await startTestServer()
  await first.stop('SIGKILL')

  const second = await startTestServer({ folder: first.folder })

  expect(second.setupCode).toBe(first.setupCode)
})

test('a port in use is told with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''

  const { code, output } = await runServerToItsEnd({ environment: { PORT: port } })

  expect(code).toBe(1)
  expect(output).toMatch(new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use by another program\\. .*--port`))
})

test('a database of a newer version is refused and left as it is', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'data'))
  const path = join(folder, 'data', 'ai-code-ui.db')
  const key = randomBytes(32)
  const database = await openDatabase(path, key)
  await sql`insert into schema_version (number, name, applied_at) values (9000, 'from the future', '2030-01-01')`.execute(database)
  await database.destroy()
  const before = await readFile(path)

  const { code, output } = await runServerToItsEnd({ folder, environment: { ENCRYPTION_KEY: key.toString('hex') } })

  expect(code).toBe(78)
  expect(output).toMatch(/^The database was last used by a newer version of AI Code UI .*Nothing was changed\.\n$/)
  expect(before.equals(await readFile(path))).toBe(true)
})

test('another encryption key than before is refused', async () => {
  const first = await startTestServer()
  await first.stop()

  const { code, output } = await runServerToItsEnd({
    folder: first.folder,
    environment: { ENCRYPTION_KEY: randomBytes(32).toString('hex') },
  })

  expect(code).toBe(78)
  expect(output).toMatch(/cannot be read with the encryption key in use/)
})

test('a bad configuration exits with 78 and one line for each mistake', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data', 'config.json'), '{"prot":1}')

  const { code, output } = await runServerToItsEnd({
    folder,
    environment: { PORT: 'x', BCRYPT_ROUNDS: '4', JWT_SECRET: 'changeme', ALLOWED_ORIGINS: '*' },
  })

  expect(code).toBe(78)
  const lines = output.trim().split('\n')
  expect(lines).toHaveLength(5)
  for (const name of ['PORT', 'BCRYPT_ROUNDS', 'JWT_SECRET', 'ALLOWED_ORIGINS', '"prot"'])
    expect(lines.filter((line) => line.includes(name))).toHaveLength(1)
})

test('a command that does not exist exits with 78 and a sentence', async () => {
  const { code, output } = await runServerToItsEnd({ arguments: ['strat'] })

  expect({ code, output }).toEqual({ code: 78, output: '"strat" is not a command of this version. See ai-code-ui help.\n' })
})

test.for(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0, tells sockets to come back and lets the port go', async (signal) => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const socket = await device.connect()

  const exit = await server.stop(signal)

  expect(exit).toEqual({ code: 0, signal: null })
  expect(await within(2000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 1001 })
  await expect(callApi(server.url, 'GET', '/health')).rejects.toThrow()
})

test('a request that is under way when it is told to end is answered', async () => {
  const server = await startTestServer({ environment: { BCRYPT_ROUNDS: '12' } })
  await register(server.url, server.setupCode)
  const answer = signIn(server.url)
  // The password takes its time in a thread of its own; what the server answers at once says that the request was read.
  await callApi(server.url, 'GET', '/health')

  const [exit, device] = await Promise.all([server.stop(), answer])

  expect(exit).toEqual({ code: 0, signal: null })
  expect(device.user.username).toBe('ada')
})

test('a client that never reads or closes does not keep it from ending', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const socket = await device.connect()
  socket.pause()
  const start = performance.now()

  expect(await server.stop()).toEqual({ code: 0, signal: null })

  expect(performance.now() - start).toBeLessThan(10_000)
})

test('the demo works with no key and no network, over a project of its own, and leaves nothing behind', async () => {
  const temporary = await temporaryFolder()
  const server = await startTestServer({
    arguments: ['--demo'],
    environment: { TMPDIR: temporary, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
  })
  const device = await register(server.url, server.setupCode)
  const { items } = pageOf(Project).parse((await device.request('GET', '/projects')).body)
  const socket = await device.connect()

  expect((await callApi(server.url, 'GET', '/auth/status')).body).toMatchObject({ demo: true })
  expect(items).toMatchObject([{ name: 'corner-shop', available: true }])
  socket.send(startMessage(items[0]?.id ?? '', 'Which files are in this project?'))
  const { sessionId } = await socket.take('session-started')
  socket.send({ type: 'session-subscribe', sessionId })
  await eventOf(socket, 'block.completed', ({ text }) => text.includes('src/cart.js'))
  expect(await eventOf(socket, 'turn.ended')).toMatchObject({ outcome: 'completed' })

  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect((await readdir(temporary)).filter((name) => name.startsWith('ai-code-ui'))).toEqual([])
})
