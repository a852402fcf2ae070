import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveServer } from '../../src/server/doctor/probe/live-server.ts'
import { CHECKS } from '../../src/server/doctor/registry.ts'
import { makeCertificate } from '../support/certificates.ts'
import { findingOf, makeInstallation, startNaiveServer } from '../support/doctor-stage.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestServer } from '../support/test-server.ts'

/*
 * What doctor asks of the server that runs: the product, in a process of its own, passes all of it, and a server without
 * defences passes none.
 */

const PROXY = { TRUST_PROXY: '127.0.0.1', ALLOWED_HOSTS: 'code.example.org' }
const LIVE = CHECKS.filter(({ needs, id }) => needs === 'server' && id !== 'network-forwarded-host').map(({ id }) => id)

let product: LiveServer
let naive: LiveServer

beforeAll(async () => {
  const { url, pid } = await startTestServer({ environment: { ...PROXY, LOG_LEVEL: 'silent' }, onEnd: afterAll })
  product = new LiveServer(url, pid)
  naive = await startNaiveServer(afterAll)
}, 40_000)

describe.each(LIVE)('%s', (id) => {
  test('the product passes', async () => {
    const found = await findingOf(id, await makeInstallation({ settings: PROXY, server: product }))
    expect(found).toMatchObject({ status: 'pass', fix: null, isLookedAt: true })
  })

  test('a server without defences does not', async () => {
    const found = await findingOf(id, await makeInstallation({ settings: PROXY, server: naive }))
    expect(found.status, found.evidence).toBe(id === 'http-hsts' ? 'warn' : 'fail')
    expect(found).toMatchObject({ isLookedAt: true, fix: { text: expect.stringMatching(/\.$/) } })
  })

  test('without a server it is not looked at, which is no pass', async () => {
    expect(await findingOf(id, await makeInstallation())).toMatchObject({ status: 'warn', isLookedAt: false })
  })
})

test('the forwarded host of a stranger: believed by one, not by the other, and no question where this machine is the proxy', async () => {
  const id = 'network-forwarded-host'
  const plain = await startTestServer()
  expect(await findingOf(id, await makeInstallation({ server: new LiveServer(plain.url, plain.pid) }))).toMatchObject({ status: 'pass' })
  expect(await findingOf(id, await makeInstallation({ server: naive }))).toMatchObject({ status: 'fail' })
  expect(await findingOf(id, await makeInstallation({ settings: PROXY, server: product }))).toMatchObject({ status: 'not-applicable' })
})

test('with TLS of its own and below a path, the product passes just as well', { timeout: 40_000 }, async () => {
  const { cert, key } = await makeCertificate(await temporaryFolder(), 'own')
  const settings = { TLS_CERT: cert, TLS_KEY: key, BASE_PATH: '/code' }
  const { url, pid } = await startTestServer({ environment: { ...settings, LOG_LEVEL: 'silent' } })
  const installation = await makeInstallation({ settings, server: new LiveServer(url, pid) })
  const found = await Promise.all(LIVE.map((id) => findingOf(id, installation)))
  expect(found.filter(({ status }) => status !== 'pass').map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([])
})

test.for([
  [{ API_KEY: 'q8Jw-0pZ4vT1yXbN6mL3kH9sD2fG5rEc' }, ['http-hsts']],
  [{ PLATFORM_MODE: 'true' }, ['http-authentication', 'http-forged-token', 'http-hsts', 'websocket-credential', 'websocket-forged-token']],
] as const)(
  'with %o, what does not pass is what that does away with, and none of it fails',
  { timeout: 40_000 },
  async ([settings, other]) => {
    const { url, pid } = await startTestServer({ environment: { ...settings, LOG_LEVEL: 'silent' } })
    const installation = await makeInstallation({ settings, server: new LiveServer(url, pid) })
    const found = await Promise.all(LIVE.map((id) => findingOf(id, installation)))
    expect(found.filter(({ status }) => status === 'fail').map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([])
    expect(found.filter(({ status }) => status !== 'pass').map(({ id }) => id)).toEqual(other)
  },
)

test('a server that does not answer fails what is critical, and warns of the rest', async () => {
  const gone = new LiveServer('http://127.0.0.1:1', 1)
  const installation = await makeInstallation({ server: gone })
  expect(await findingOf('http-host', installation)).toMatchObject({ status: 'fail', isLookedAt: false })
  expect(await findingOf('http-csp', installation)).toMatchObject({ status: 'warn', isLookedAt: false })
})
