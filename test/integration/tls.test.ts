import { once } from 'node:events'
import { chmod, copyFile, rename } from 'node:fs/promises'
import { request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { TokenResponse } from '#protocol/auth'
import { makeCertificate } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'
import { eventually, within } from '../support/within.ts'

const PASSWORD = 'correct horse battery'

async function setup() {
  const folder = await temporaryFolder()
  const files = await makeCertificate(folder, 'first')
  return { folder, files, environment: { TLS_CERT: files.cert, TLS_KEY: files.key } }
}

interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: unknown }>((resolve, reject) => {
    const options = {
      method,
      rejectUnauthorized: false,
      agent: false as const,
      headers: { 'content-type': 'application/json', ...headers },
    }
    const asked = (url.startsWith('https') ? request : plainRequest)(url, options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text })
      })
    })
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function subjectAt(url: string): Promise<unknown> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return CN
}

test('with a certificate the address is HTTPS, cookies are secure, browsers are told to stay with it, and a socket opens', async () => {
  const { environment } = await setup()
  const { url, setupCode } = await startTestServer({ environment })
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)

  const body = { username: 'ada', password: PASSWORD, setupCode }
  const answer = await ask(`${url}/api/auth/register`, { method: 'POST', body, headers: { origin: url } })
  expect(answer.status).toBe(201)
  expect(answer.headers['strict-transport-security']).toMatch(/^max-age=31536000/)
  const local = await ask(`${url}/api/health`, { headers: { host: `localhost:${new URL(url).port}` } })
  expect([local.status, local.headers['strict-transport-security']]).toEqual([200, undefined])
  const cookies = [answer.headers['set-cookie'] ?? []].flat()
  expect(cookies.length).toBeGreaterThan(1)
  expect(cookies.filter((cookie) => !cookie.includes('; Secure'))).toEqual([])

  const { token } = TokenResponse.parse(answer.body)
  const socket = new WebSocket(`${url.replace('https', 'wss')}/ws?token=${token}`, { origin: url, rejectUnauthorized: false })
  onTestFinished(() => {
    socket.terminate()
  })
  await within(5000, 'the socket to open', once(socket, 'open'))
  expect(await ask(`${url.replace('https', 'http')}/api/health`)).toMatchObject({ status: 426, body: { code: 'BAD_REQUEST' } })
})

test('a renewed certificate is taken up while the server runs; a bad one is logged and left', async () => {
  const { folder, files, environment } = await setup()
  const { url, output } = await startTestServer({ environment: { ...environment, LOG_LEVEL: 'info' } })
  expect(await subjectAt(url)).toBe('first')
  const second = await makeCertificate(folder, 'second')

  await copyFile(second.cert, files.cert)
  await eventually('the mistake in the log', () => (output().includes('the one from before stays in force') ? true : null), 20_000)
  expect(await subjectAt(url)).toBe('first')
  await rename(second.key, files.key)
  await eventually('the new certificate', async () => ((await subjectAt(url)) === 'second' ? true : null), 20_000)
  expect(output()).not.toContain('PRIVATE KEY')
})

test('a certificate that cannot be used ends the start with a sentence for each mistake', async () => {
  const { folder, files, environment } = await setup()
  await chmod(files.key, 0o644)
  expect(await runServerToItsEnd({ environment })).toMatchObject({ code: 78, output: expect.stringContaining(`chmod 600 ${files.key}`) })
  const missing = { TLS_CERT: `${folder}/no.pem`, TLS_KEY: `${folder}/no.key` }
  const { code, output } = await runServerToItsEnd({ environment: missing })
  expect([code, output.trim().split('\n').length]).toEqual([78, 2])
  expect(await runServerToItsEnd({ environment: { TLS_CERT: files.cert } })).toMatchObject({
    code: 78,
    output: expect.stringMatching(/^TLS_KEY is missing/),
  })
  expect(await runServerToItsEnd({ environment: { BASE_PATH: 'code' } })).toMatchObject({
    code: 78,
    output: expect.stringMatching(/^BASE_PATH must be a path/),
  })
})

test('below a path everything is there and nothing is outside', async () => {
  const { url } = await startTestServer({ environment: { BASE_PATH: '/code/' } })
  expect(new URL(url).pathname).toBe('/code')
  expect(await ask(`${url}/api/health`)).toMatchObject({ status: 200 })
  expect(await ask(`${url}/api/openapi.json`)).toMatchObject({ body: { servers: [{ url: '/code' }] } })
  const { origin } = new URL(url)
  for (const path of ['/', '/api/health', '/codex/api/health', '/code%2Fapi/health', '/sign-in'])
    expect(await ask(`${origin}${path}`), path).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws?token=x`)
  const [, refusal] = await once(socket, 'unexpected-response')
  expect(refusal).toMatchObject({ statusCode: 404 })
})
