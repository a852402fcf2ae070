import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { PostureItem } from '#protocol/posture'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import type { TlsFiles } from '../../src/server/http/tls/certificate.ts'
import { makeCertificate } from '../support/certificates.ts'
import { findingOf, makeInstallation, NOW, startPlainServer, startTlsServer } from '../support/doctor-stage.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/*
 * The public address, as its names are configured: here an address of this machine that is not the one that the server
 * listens on.
 */

const HSTS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

interface Site {
  origin: string
  ca: string
}

async function startSite(headers: Record<string, string>, oldest?: 'TLSv1'): Promise<Site> {
  const files = await makeCertificate(await temporaryFolder(), 'public', { names: 'IP:127.0.0.2', validity: ['-days', '60'] })
  return { origin: await startTlsServer(files, headers, oldest), ca: await readFile(files.cert, 'utf8') }
}

async function lookAt(
  id: string,
  { origin, ca }: Site,
  over: { now?: Date; isTrusted?: boolean; port?: number } = {},
): Promise<PostureItem> {
  const installation = await makeInstallation({
    settings: { ALLOWED_HOSTS: '127.0.0.2', ALLOWED_ORIGINS: origin },
    now: over.now ?? new Date(),
    ...(over.isTrusted === false ? {} : { extraCa: ca }),
    ...(over.port === undefined ? {} : { publicHttpPort: over.port }),
  })
  return findingOf(id, installation)
}

const later = (days: number) => new Date(Date.now() + days * 86_400_000)

test('a certificate passes while it is trusted and valid', async () => {
  const site = await startSite(HSTS)
  expect(await lookAt('tls-certificate', site)).toMatchObject({ status: 'pass', evidence: expect.stringContaining('trusted, valid until') })
  expect(await lookAt('tls-certificate', site, { now: later(50) })).toMatchObject({
    status: 'warn',
    evidence: expect.stringContaining('ends in'),
  })
  expect(await lookAt('tls-certificate', site, { now: later(70) })).toMatchObject({
    status: 'fail',
    evidence: expect.stringContaining('expired'),
  })
  expect(await lookAt('tls-certificate', site, { now: later(-2) })).toMatchObject({
    status: 'fail',
    evidence: expect.stringContaining('not valid before'),
  })
  expect(await lookAt('tls-certificate', site, { isTrusted: false })).toMatchObject({
    status: 'fail',
    evidence: expect.stringContaining('not trusted'),
  })
})

test('the server’s own certificate is in force, and the one that it answers with', async () => {
  const folder = await temporaryFolder()
  const files = await makeCertificate(folder, 'own', { validity: ['-days', '60'] })
  const settings = { TLS_CERT: files.cert, TLS_KEY: files.key }
  const serving = async (pair: TlsFiles) => new LiveServer(await startTlsServer(pair, {}), process.pid)
  const look = async (now: Date, server: LiveServer) => findingOf('tls-own-certificate', await makeInstallation({ settings, server, now }))
  const own = await serving(files)
  expect(await look(new Date(), own)).toMatchObject({ status: 'pass' })
  expect(await look(later(50), own)).toMatchObject({ status: 'warn' })
  expect(await look(later(70), own)).toMatchObject({ status: 'fail' })
  const older = await makeCertificate(folder, 'older')
  expect(await look(new Date(), await serving(older))).toMatchObject({
    status: 'fail',
    evidence: expect.stringContaining('another certificate'),
  })
})

test('old versions of TLS are found', async () => {
  expect(await lookAt('tls-versions', await startSite(HSTS))).toMatchObject({ status: 'pass' })
  expect(await lookAt('tls-versions', await startSite(HSTS, 'TLSv1'))).toMatchObject({ status: 'fail' })
})

test('HSTS is there, for long enough', async () => {
  expect(await lookAt('tls-hsts', await startSite(HSTS))).toMatchObject({ status: 'pass' })
  expect(await lookAt('tls-hsts', await startSite({ 'strict-transport-security': 'max-age=60' }))).toMatchObject({ status: 'warn' })
  expect(await lookAt('tls-hsts', await startSite({}))).toMatchObject({ status: 'fail' })
})

test('plain HTTP redirects, or is closed', async () => {
  const site = await startSite(HSTS)
  const redirecting = await startPlainServer((_, response) => response.writeHead(308, { location: site.origin }).end())
  const serving = await startPlainServer((_, response) => response.end('hello'))
  expect(await lookAt('tls-redirect', site, { port: redirecting })).toMatchObject({ status: 'pass' })
  expect(await lookAt('tls-redirect', site, { port: 1 })).toMatchObject({ status: 'pass' })
  expect(await lookAt('tls-redirect', site, { port: serving })).toMatchObject({ status: 'fail' })
})

test.for(['tls-certificate', 'tls-versions', 'tls-hsts'])(
  '%s: an address that cannot be reached is no pass, one without TLS fails',
  async (id) => {
    const ca = ''
    expect(await lookAt(id, { origin: 'https://127.0.0.2:1', ca }, { now: NOW })).toMatchObject({
      isLookedAt: false,
      status: expect.not.stringMatching('pass'),
    })
    expect(await lookAt(id, { origin: 'http://127.0.0.2', ca }, { now: NOW })).toMatchObject({ status: 'fail' })
  },
)

test('without a public address there is nothing to look at', async () => {
  expect(await findingOf('tls-certificate', await makeInstallation())).toMatchObject({ status: 'not-applicable' })
})
