import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { WsTicket } from '#protocol/auth'
import { ClientMessage } from '#protocol/messages'
import { MESSAGE_RULES, ROUTE_RULES, SOCKET_RULES } from '../../src/server/http/permission-table.ts'
import { callApi } from '../support/api-client.ts'
import { type DescribedRoute, routesOf, sampleOf } from '../support/schema-samples.ts'
import { SocketClient, WAS_OPENED } from '../support/socket-client.ts'
import { startWorkplace } from '../support/workplace.ts'
import { type Crowd, gatherCrowd, type Verdict, type Visitor, verdictOf, visit } from '../support/visitors.ts'

/*
 * Every route, socket path and message there is, times everybody who can ask: what happens must be what the permission
 * table says, which must name each of them and nothing else (ASVS 8.1.1, 8.2.1, 8.3.1). The requests are made from the
 * schemas, so that whatever is added walks along by itself.
 */

const WALK_MS = 120_000

const Refusal = z.object({ code: z.string() })
const REFUSALS: readonly Verdict[] = ['UNAUTHORIZED', 'TOKEN_EXPIRED', 'FORBIDDEN', 'STEP_UP_REQUIRED']

function codeOf(body: unknown): string {
  const refusal = Refusal.safeParse(body)
  return refusal.success ? refusal.data.code : 'success'
}

function outcomeOf(body: unknown): Verdict {
  return REFUSALS.find((code) => code === codeOf(body)) ?? 'through'
}

async function describedRoutes(url: string): Promise<DescribedRoute[]> {
  return routesOf((await callApi(url, 'GET', '/openapi.json')).body)
}

function requestFor({ method, pathWith, body }: DescribedRoute) {
  return { method, path: pathWith({}), body }
}

test('every route, path and message has its line in the table, and every line its route, path or message', async () => {
  const { url, device } = await startWorkplace()

  expect((await describedRoutes(url)).map(({ name }) => name).sort()).toEqual(Object.keys(ROUTE_RULES).sort())
  expect(
    messages()
      .map(({ type }) => type)
      .sort(),
  ).toEqual(Object.keys(MESSAGE_RULES).sort())
  for (const path of Object.keys(SOCKET_RULES)) expect(await upgrade(url, path, `token=${device.token}`), path).not.toBe('NOT_FOUND')
})

test('each route refuses and lets through whom the table says', { timeout: WALK_MS }, async () => {
  const { url, visitors } = await gatherCrowd()
  const mistakes: string[] = []
  let walked = 0
  for (const route of await describedRoutes(url)) {
    const rule = ROUTE_RULES[route.name]
    if (!rule || rule.permission === 'public') continue
    for (const visitor of visitors) {
      const { body } = await visit(url, visitor, requestFor(route))
      const expected = verdictOf(rule, visitor)
      walked += 1
      if (outcomeOf(body) !== expected) mistakes.push(`${route.name} by ${visitor.name}: ${codeOf(body)} instead of ${expected}`)
    }
  }
  expect(mistakes).toEqual([])
  expect(walked).toBeGreaterThan(500)
})

test('what is public answers everybody alike', { timeout: WALK_MS }, async () => {
  const { url, visitors } = await gatherCrowd()
  for (const route of await describedRoutes(url)) {
    if (ROUTE_RULES[route.name]?.permission !== 'public') continue
    const codes = new Set<string>()
    for (const visitor of visitors) {
      const code = codeOf((await visit(url, visitor, requestFor(route))).body)
      // Whoever comes last may find that the account has been tried often enough.
      if (code !== 'RATE_LIMITED') codes.add(code)
    }
    expect([...codes], route.name).toHaveLength(1)
  }
})

test('each socket path opens to whom the table says, by token and by ticket', { timeout: WALK_MS }, async () => {
  const { url, visitors } = await gatherCrowd()
  for (const [path, rule] of Object.entries(SOCKET_RULES)) {
    for (const visitor of visitors) {
      const expected = verdictOf(rule, visitor)
      const byToken = await upgrade(url, path, `token=${(await visitor.secret()) ?? ''}`)
      // An API key never stands in an address.
      expect(byToken, `${path} by ${visitor.name}`).toBe(
        visitor.kind === 'key' ? 'UNAUTHORIZED' : visitor.kind === 'none' ? 'UNAUTHORIZED' : expected,
      )
      const ticket = WsTicket.safeParse((await visit(url, visitor, { method: 'POST', path: '/auth/ws-ticket' })).body)
      expect(ticket.success, visitor.name).toBe(visitor.kind === 'login' || visitor.kind === 'key')
      if (ticket.success) expect(await upgrade(url, path, `ticket=${ticket.data.ticket}`), `${path} by ${visitor.name}`).toBe(expected)
    }
  }
})

test('each message is taken from whom the table says', { timeout: WALK_MS }, async () => {
  const crowd = await gatherCrowd()
  const mistakes: string[] = []
  for (const visitor of crowd.visitors) {
    const socket = await connect(crowd, visitor)
    if (!socket) continue
    for (const message of messages()) {
      const outcome = await send(socket, message)
      const expected = verdictOf(MESSAGE_RULES[message.type], visitor)
      if (outcome !== expected) mistakes.push(`${message.type} by ${visitor.name}: ${outcome} instead of ${expected}`)
    }
    await socket.close()
  }
  expect(mistakes).toEqual([])
})

/** One of each type, with ids of nothing. */
function messages(): ClientMessage[] {
  const { oneOf } = z.object({ oneOf: z.array(z.unknown()) }).parse(z.toJSONSchema(ClientMessage, { io: 'input', unrepresentable: 'any' }))
  return oneOf.map((schema) => ClientMessage.parse(sampleOf(schema)))
}

async function connect({ url }: Crowd, visitor: Visitor): Promise<SocketClient | null> {
  const ticket = WsTicket.safeParse((await visit(url, visitor, { method: 'POST', path: '/auth/ws-ticket' })).body)
  if (!ticket.success || verdictOf(SOCKET_RULES['/ws'] ?? { permission: 'admin', stepUp: true }, visitor) !== 'through') return null
  return SocketClient.connect(url, { query: `ticket=${ticket.data.ticket}` })
}

/** What has no answer of its own is followed by one that has; the server takes messages in order. */
async function send(socket: SocketClient, message: ClientMessage): Promise<Verdict> {
  const before = socket.received.length
  socket.send(message)
  if (message.type !== 'session-unsubscribe' && message.type !== 'ping') return outcomeOf(await socket.take('error'))
  if (message.type !== 'ping') socket.send({ type: 'ping' })
  await socket.take('pong')
  return outcomeOf(socket.received.slice(before).find(({ type }) => type === 'error'))
}

async function upgrade(url: string, path: string, query: string): Promise<string> {
  const answer = await SocketClient.refused(url, { path, query }).catch((error: unknown) => {
    if (error instanceof Error && error.message === WAS_OPENED) return null
    throw error
  })
  return answer === null ? 'through' : codeOf(answer.body)
}
