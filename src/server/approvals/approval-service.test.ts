import { expect, test } from 'vitest'
import { ROLE_SCOPES } from '#protocol/permissions'
import { LoginId, ProviderId, type UserId } from '#protocol/ids'
import { commandAsk, ScriptedProvider, writeAsk } from '../../../test/support/scripted-provider.ts'
import { createTestDatabase, insertSession } from '../../../test/support/test-database.ts'
import { within } from '../../../test/support/within.ts'
import type { Principal } from '../http/principal.ts'
import { systemClock } from '../platform/clock.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import { createLogger } from '../platform/logger.ts'
import { userTopic } from '../platform/topics.ts'
import { createPolicy } from '../policy/policy.ts'
import { pastCalls } from './past-calls.ts'
import { ApprovalService } from './approval-service.ts'
import type { ApprovalServiceDeps } from './approval-service-deps.ts'
import type { ApprovalSubject } from './approval-subject.ts'

/*
 * Races that only show when the steps of the service are taken apart; the rest is tested through the whole server.
 */

const never = new AbortController().signal

async function setup(change: (service: () => ApprovalService, principal: Principal) => Partial<ApprovalServiceDeps>) {
  const database = await createTestDatabase()
  const bus = new LocalEventBus()
  const owner = await insertSession(database)
  const principal = principalOf(owner.userId)
  const published: string[] = []
  bus.subscribe(userTopic(owner.userId), (frame) => published.push(frame))
  const logger = await createLogger('silent', 'json')
  const service: ApprovalService = new ApprovalService({
    database,
    bus,
    clock: systemClock,
    logger,
    policy: createPolicy({
      database,
      bus,
      clock: systemClock,
      logger,
      pastCalls: (projectId, userId) => pastCalls(database, projectId, userId),
      dataDirectory: '/data',
      provider: () => new ScriptedProvider(),
      project: () => Promise.reject(new Error('not looked for')),
      hasSandbox: () => false,
      recheck: () => Promise.resolve(principal),
    }).gate,
    searchPath: '/usr/bin:/bin',
    timeoutMs: 0,
    projectTimeout: () => Promise.resolve(null),
    stillSkips: () => Promise.resolve(false),
    onWaiting: () => {},
    appendEvent: async () => {},
    changeMode: async () => {},
    checkMode: () => {},
    ...change(() => service, principal),
  })
  const subject: ApprovalSubject = {
    ...owner,
    provider: ProviderId.parse('claude'),
    cwd: '/nowhere',
    mode: 'default',
    modeUntil: null,
    trusted: false,
    canEditInput: true,
  }
  return { service, subject, principal, published }
}

function principalOf(userId: UserId): Principal {
  const user = { id: userId, username: 'ada', role: 'owner' as const, createdAt: '2026-11-01T12:00:00.000Z', lastLoginAt: null }
  return {
    user,
    credential: { kind: 'login', loginId: LoginId.parse('log_1'), freshUntil: 0 },
    scopes: new Set(ROLE_SCOPES.owner),
    device: 'curl',
  }
}

test('an answer given before anybody waits for it reaches the agent, and no card is shown any more', async () => {
  const { service, subject, published } = await setup((current, principal) => ({
    appendEvent: async (_, event) => {
      // The request is stored by now, so a quick device may decide it.
      if (event.kind === 'approval.requested') await current().decide(event.approvalId, { allow: true }, principal)
    },
  }))

  const verdict = await within(5000, 'the verdict', service.request(subject, commandAsk('npm test'), never))

  expect(verdict).toMatchObject({ outcome: 'allowed', input: { command: 'npm test' } })
  expect(published.map((frame) => /"type":"([\w-]+)"/.exec(frame)?.[1])).toEqual(['permission-resolved'])
})

test('a session that ends before anybody waits cancels the request', async () => {
  const { service, subject } = await setup((current) => ({
    appendEvent: async (sessionId, event) => {
      if (event.kind === 'approval.requested') await current().cancelPending(sessionId, 'the agent has ended')
    },
  }))

  const verdict = await within(5000, 'the verdict', service.request(subject, commandAsk('npm test'), AbortSignal.abort()))

  expect(verdict.outcome).toBe('cancelled')
})

test('a decision stands and reaches the agent although the mode that goes with it could not be set', async () => {
  const { service, subject, principal, published } = await setup(() => ({
    changeMode: () => Promise.reject(new Error('the agent does not take it')),
  }))
  const verdict = service.request(subject, writeAsk('/nowhere/a.txt'), never)
  await expect.poll(async () => (await service.pending(principal)).length).toBe(1)
  const [request] = await service.pending(principal)
  if (!request) throw new Error('There is no request')

  await expect(service.decide(request.requestId, { allow: true, remember: 'mode:acceptEdits' }, principal)).rejects.toThrow(
    'does not take it',
  )

  expect(await within(5000, 'the verdict', verdict)).toMatchObject({ outcome: 'allowed', nextMode: 'acceptEdits' })
  expect(published.some((frame) => frame.includes('permission-resolved'))).toBe(true)
})

test('a request that cannot be told in the log is denied', async () => {
  const { service, subject } = await setup(() => ({ appendEvent: () => Promise.reject(new Error('no such session')) }))

  expect(await service.request(subject, commandAsk('npm test'), never)).toMatchObject({ outcome: 'denied' })
})
