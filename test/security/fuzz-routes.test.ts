import { Agent, request } from 'node:http'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc, { type Arbitrary } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, callApi, signIn } from '../support/api-client.ts'
import { type AttackStage, startAttackStage } from '../support/attack-stage.ts'
import { makeKey } from '../support/key-steps.ts'
import { type FuzzedRequest, fuzzedRoutes } from '../support/schema-fuzz.ts'
import { accept, invite } from '../support/user-steps.ts'
import { eventually } from '../support/within.ts'

/*
 * Every route with requests that are made from its schema: right, almost right and senseless ones, from everybody who can
 * ask. None may end in a failure of the server. FUZZ_RUNS is how many requests there are in all.
 */

const RUNS = Number(process.env.FUZZ_RUNS ?? 4000)
const LIMIT_MS = 60_000 + RUNS * 20
/** More than this between the two halves is a leak: what is kept for each request, a few KiB, would show. */
const GROWTH_MIB = 10
const PROBE = pathToFileURL(join(dirname(import.meta.dirname), 'support', 'heap-probe.ts')).href

/** They end the logins that ask, so they come last. */
const ENDING = /\/(logout|logout-all|end-others)$/

const agent = new Agent({ keepAlive: true, maxSockets: 4 })
const started: (() => unknown)[] = []
let stage: AttackStage
let tokens: (string | null)[]

beforeAll(async () => {
  stage = await startAttackStage({
    onEnd: (end) => started.push(end),
    environment: {
      LOG_LEVEL: 'error',
      TRUST_PROXY: '127.0.0.1',
      RATE_LIMITS: 'reading=100000,writing=100000,costly=100000',
      NODE_OPTIONS: `--expose-gc --import ${PROBE}`,
    },
  })
  const { url, ada, bob } = stage
  await accept(url, (await invite(ada, 'viewer')).code, 'eve', PASSWORD)
  const eve = await signIn(url, 'eve')
  const key = await makeKey(bob, ['read', 'chat', 'approve'])
  tokens = [null, 'x.y.z', ada.token, bob.token, eve.token, key.created.key]
})

afterAll(async () => {
  agent.destroy()
  for (const end of started.reverse()) await end()
})

test('no request to any route ends in a failure of the server, and memory stays flat', { timeout: LIMIT_MS }, async () => {
  const routes = fuzzedRoutes((await callApi(stage.url, 'GET', '/openapi.json')).body)
  const lasting = routes.filter(({ name }) => !ENDING.test(name))
  const perRoute = Math.ceil(RUNS / 2 / routes.length)
  expect(lasting.length).toBeGreaterThan(50)

  for (const { name, requests } of lasting) await fuzz(name, requests, perRoute)
  const before = await keptMiB()
  for (const { name, requests } of lasting) await fuzz(name, requests, perRoute)
  const after = await keptMiB()
  for (const { name, requests } of routes.filter((route) => ENDING.test(route.name))) await fuzz(name, requests, perRoute)

  expect(after - before).toBeLessThan(GROWTH_MIB)
  expect((await callApi(stage.url, 'GET', '/ready')).status).toBe(200)
  expect(stage.server.output()).not.toMatch(/"level":"?(error|fatal|50|60)/)
})

async function fuzz(name: string, requests: Arbitrary<FuzzedRequest>, runs: number): Promise<void> {
  const property = fc.asyncProperty(requests, fc.nat(tokens.length - 1), async (fuzzed, who) => {
    const { status, text } = await ask(fuzzed, tokens[who] ?? null)
    expect(status, name).toBeGreaterThanOrEqual(200)
    expect(status, `${name}: ${text.slice(0, 300)}`).toBeLessThan(500)
    if (status >= 400) expect(JSON.parse(text), name).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), error: expect.any(String) })
    expect(text, name).not.toMatch(/SQLITE_|node_modules|\n\s+at /)
  })
  await fc.assert(property, { numRuns: runs, ...(process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) }) })
}

let asked = 0

/** Each from an address of its own, as a trusted proxy says, so that no limit answers in place of the route. */
function ask({ method, path, body }: FuzzedRequest, token: string | null): Promise<{ status: number; text: string }> {
  asked += 1
  const { hostname, port } = new URL(stage.url)
  const headers = {
    'x-forwarded-for': `10.${String((asked >> 16) & 255)}.${String((asked >> 8) & 255)}.${String(asked & 255)}`,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent, timeout: 20_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.once('error', reject)
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 0, text })
      })
    })
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 100)}`)))
    sent.end(body)
  })
}

const looks = () => [...stage.server.output().matchAll(/^kept: (\d+) bytes$/gm)]

/** What the server keeps once its garbage is collected. */
async function keptMiB(): Promise<number> {
  const before = looks().length
  process.kill(stage.server.pid, 'SIGUSR2')
  const bytes = await eventually('the server to tell what it keeps', () => looks()[before]?.[1])
  return Number(bytes) / 1024 / 1024
}
