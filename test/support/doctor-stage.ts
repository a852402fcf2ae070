import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import type { SecureVersion } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { PostureItem } from '#protocol/posture'
import { readConfig } from '../../src/server/config.ts'
import type { Installation, ProcessFacts } from '../../src/server/doctor/installation.ts'
import { placeOf } from '../../src/server/doctor/place.ts'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import { processFacts } from '../../src/server/doctor/probe/process-facts.ts'
import { CHECKS } from '../../src/server/doctor/registry.ts'
import { lookAt } from '../../src/server/doctor/run-checks.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { openDatabase } from '../../src/server/platform/database.ts'
import type { TlsFiles } from '../../src/server/http/tls/certificate.ts'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'
import { within } from './within.ts'
import { readFile } from 'node:fs/promises'

export const NOW = new Date('2026-11-24T12:00:00.000Z')
/** So many days before {@link NOW}, as the database has it. */
export const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString()

const PRIVATE = { mode: 0o600 }

/** Over what {@link makeInstallation} gives; `settings` are variables of the environment. */
export interface StageOptions extends Partial<Omit<Installation, 'config'>> {
  settings?: Record<string, string>
}

/** An installation in which nothing is wrong: a data folder, keys and a database of its own, and no server. */
export async function makeInstallation({ settings = {}, ...over }: StageOptions = {}): Promise<Installation> {
  const folder = await temporaryFolder()
  const dataDirectory = join(folder, 'data')
  await mkdir(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 })
  await mkdir(join(dataDirectory, 'audit'), { mode: 0o700 })
  await writeFile(join(dataDirectory, 'keys', 'jwt-ring.json'), '{}', PRIVATE)
  await writeFile(join(folder, 'package.json'), '{}', PRIVATE)
  const config = readConfig({}, { DATA_DIR: dataDirectory, PATH: '/usr/bin', ...settings }, folder)
  const database = await openDatabase(config.databasePath, randomBytes(32))
  onTestFinished(() => database.destroy())
  await recordAudit(database, { at: NOW, actor: 'system', action: 'server.started', details: { version: '0', settings: '' } })
  for (const suffix of ['', '-wal', '-shm']) await chmod(`${config.databasePath}${suffix}`, 0o600)
  return {
    config,
    isOwnConfig: true,
    version: '0.0.0-test',
    nodeVersion: process.version,
    packageRoot: folder,
    now: NOW,
    database,
    databaseProblem: '',
    server: null,
    process: null,
    place: placeOf({ kind: 'hand' }, { dataDirectory, port: 3001, packageRoot: folder, uid: 1000 }),
    isolation: () => Promise.resolve({ isolation: 'cage', explanation: 'Agents cannot see the data folder.' }),
    auditVerdict: () =>
      Promise.resolve({ ok: true, at: NOW.toISOString(), entries: 1, checkpoints: 1, sealedTo: 1, segments: 0, problem: null }),
    auditForward: () => Promise.resolve(null),
    ...over,
  }
}

/** What one check says of an installation. @throws Error where there is no such check */
export async function findingOf(id: string, installation: Installation): Promise<PostureItem> {
  const [item] = await lookAt(
    CHECKS.filter((check) => check.id === id),
    installation,
  )
  if (!item) throw new Error(`There is no check ${id}.`)
  return item
}

/** A server without any defence, as somebody might write it in an evening: everything that doctor asks for goes wrong. */
export async function startNaiveServer(onEnd: OnEnd = onTestFinished): Promise<LiveServer> {
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    const isFooled = request.headers['x-forwarded-host'] !== undefined
    response.writeHead(isFooled ? 302 : request.url?.startsWith('/%') ? 500 : 200, {
      'access-control-allow-origin': '*',
      'x-powered-by': 'An evening/1.0',
      'x-xss-protection': '1; mode=block',
      'content-security-policy': "script-src * 'unsafe-inline'",
      'content-type': 'text/html',
    })
    response.end('Error: no\n    at handler (/home/ada/app/server.js:10:5)')
  })
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  return new LiveServer(await listen(server, '127.0.0.1', onEnd), process.pid)
}

/** A server with a certificate at an address that stands for the public one. @returns its origin */
export async function startTlsServer(files: TlsFiles, headers: Record<string, string>, oldest: SecureVersion = 'TLSv1.2'): Promise<string> {
  const options = { cert: await readFile(files.cert), key: await readFile(files.key), minVersion: oldest }
  const server = createTlsServer(oldest === 'TLSv1' ? { ...options, ciphers: 'ALL:@SECLEVEL=0' } : options, (_, response) => {
    response.writeHead(200, headers)
    response.end()
  })
  return (await listen(server, '127.0.0.2', onTestFinished)).replace('http:', 'https:')
}

/** A plain server at the same address. @returns its port */
export async function startPlainServer(answer: RequestListener): Promise<number> {
  return Number(new URL(await listen(createServer(answer), '127.0.0.2', onTestFinished)).port)
}

async function listen(server: Server, host: string, onEnd: OnEnd): Promise<string> {
  server.listen(0, host)
  await once(server, 'listening')
  onEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return `http://${host}:${String(typeof address === 'object' && address ? address.port : 0)}`
}

/** A Node process that was started carelessly: anybody reads its files, a crash leaves its memory, its inspector is open. */
export async function startCarelessProcess(): Promise<ProcessFacts> {
  const script = `umask 022; ulimit -c unlimited; exec "${process.execPath}" --inspect=127.0.0.1:0 -e 'console.log(1); setInterval(() => {}, 1000)'`
  const env = { PATH: process.env.PATH, JWT_SECRET: randomBytes(32).toString('hex') }
  const child = spawn('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await within(10_000, 'the process to start', once(child.stdout, 'data'))
  const facts = await processFacts(child.pid ?? 0)
  if (!facts) throw new Error('The process has ended.')
  return facts
}
