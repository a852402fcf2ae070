import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProjectId, ProviderId, RequestId, type SessionId, UserId } from '#protocol/ids'
import { ApprovalRepository } from '../src/server/approvals/approval-repository.ts'
import type { ApprovalServiceDeps } from '../src/server/approvals/approval-service-deps.ts'
import type { ApprovalSubject } from '../src/server/approvals/approval-subject.ts'
import { createApprovals } from '../src/server/approvals/approvals.ts'
import { describeCall as describeRequest } from '../src/server/approvals/describe-request.ts'
import { evaluateCall } from '../src/server/approvals/evaluate-call.ts'
import { recordAudit } from '../src/server/platform/audit-log.ts'
import { systemClock } from '../src/server/platform/clock.ts'
import { type Database, openDatabase } from '../src/server/platform/database.ts'
import { LocalEventBus } from '../src/server/platform/event-bus.ts'
import { createLogger } from '../src/server/platform/logger.ts'
import { factsOf } from '../src/server/policy/call-facts.ts'
import { compileRules } from '../src/server/policy/compiled-rules.ts'
import { evaluate } from '../src/server/policy/evaluate.ts'
import { createPolicy } from '../src/server/policy/policy.ts'
import { RuleRepository } from '../src/server/policy/rule-repository.ts'
import { areUnchanged } from '../src/server/policy/unchanged-files.ts'
import { describeCall } from '../src/server/providers/claude/describe-call.ts'
import type { ApprovalAsk } from '../src/server/providers/provider.ts'
import { insertPlace, mixedRules, ruleOf } from './gate-rules.ts'
import { type Figure, median, percentile } from './measure.ts'
import { plainEnvironment, type Workbench } from './workbench.ts'

const RULES = 1000
const WARM_UP = 300
const RUNS = 1500
const LIMIT_MS = 2
const APPEND_LIMIT_MS = 1

interface Stage {
  database: Database
  deps: ApprovalServiceDeps
  approvals: ReturnType<typeof createApprovals>
  subject: ApprovalSubject
  dataDirectory: string
  rules: ReturnType<typeof mixedRules>
}

/** What the gate costs a call that needs no person, with a thousand rules: all of it, and its parts one by one. */
export async function measureGate(workbench: Workbench): Promise<Figure[]> {
  const stage = await setStage(workbench)
  try {
    return [await measureWhole(stage), await measureJudgement(stage), await measureTransaction(stage)]
  } finally {
    await stage.database.destroy()
  }
}

async function setStage({ directory, project: cwd }: Workbench): Promise<Stage> {
  const dataDirectory = join(directory, 'gate')
  await mkdir(dataDirectory, { recursive: true })
  await mkdir(join(cwd, 'src'), { recursive: true })
  const database = await openDatabase(join(dataDirectory, 'gate.db'), Buffer.alloc(32, 7))
  const place = await insertPlace(database, cwd)
  const rules = await storeRules(database, place)
  const shared = { database, bus: new LocalEventBus(), clock: systemClock, logger: await createLogger('silent', 'json') }
  const unused = () => Promise.reject(new Error('not looked for'))
  const policy = createPolicy({
    ...shared,
    dataDirectory,
    provider: () => {
      throw new Error('not looked for')
    },
    project: unused,
    pastCalls: (id, userId) => approvals.pastCalls(id, userId),
    hasSandbox: () => false,
    recheck: unused,
  })
  const deps: ApprovalServiceDeps = {
    ...shared,
    policy: policy.gate,
    searchPath: plainEnvironment().PATH ?? '',
    timeoutMs: 0,
    projectTimeout: () => Promise.resolve(null),
    onWaiting: () => {
      throw new Error('A person was asked.')
    },
    appendEvent: () => Promise.resolve(),
    stillSkips: () => Promise.resolve(false),
    checkMode: () => {},
    changeMode: () => Promise.resolve(),
  }
  const approvals = createApprovals({ ...deps, interruptAll: () => Promise.resolve(), endSkipping: () => Promise.resolve() })
  const subject: ApprovalSubject = {
    ...place,
    provider: ProviderId.parse('claude'),
    cwd,
    mode: 'default',
    modeUntil: null,
    trusted: true,
    canEditInput: true,
  }
  return { database, deps, approvals, subject, dataDirectory, rules }
}

/** The rules that decide come last. */
async function storeRules(
  database: Database,
  { projectId, sessionId, userId }: { projectId: ProjectId; sessionId: SessionId; userId: UserId },
) {
  const other = UserId.parse('usr_other')
  const project = { kind: 'project', projectId } as const
  const scopes = [
    { kind: 'global' },
    project,
    { ...project, userId },
    { kind: 'session', sessionId, userId },
    { ...project, userId: other },
  ] as const
  const deciding = [
    ruleOf('z1', { decision: 'allow', scope: { kind: 'global' }, match: { tools: ['Bash'], command: 'mkdir **' } }),
    ruleOf('z2', { decision: 'allow', scope: project, match: { tools: ['Write'], paths: ['src/**'] } }),
    ruleOf('z3', { decision: 'deny', scope: project, match: { command: 'curl **' } }),
  ]
  const rules = [...mixedRules(RULES - deciding.length, scopes), ...deciding]
  await database.transaction().execute(async (transaction) => {
    const repository = new RuleRepository(transaction)
    for (const rule of rules) await repository.put(rule)
    await repository.advance()
  })
  return rules
}

/** By a rule for a command, by one for paths, by one that denies, and by the preset; in turns. */
function callOf(run: number, { cwd }: ApprovalSubject): ApprovalAsk {
  const calls: [string, Record<string, unknown>][] = [
    ['Bash', { command: `mkdir -p src/part-${run} && ls src`, description: 'Make a folder' }],
    ['Write', { file_path: join(cwd, 'src', `file-${run}.ts`), content: 'export const one = 1\n' }],
    ['Bash', { command: `timeout 5 curl https://example.org/${run}`, description: 'Ask a site' }],
    ['Bash', { command: 'ls -la src', description: 'List' }],
  ]
  const [toolName, toolInput] = calls[run % calls.length] ?? ['', {}]
  return describeCall(toolName, toolInput, cwd)
}

async function measureWhole({ approvals, subject }: Stage): Promise<Figure> {
  const { signal } = new AbortController()
  const times: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const ask = callOf(run, subject)
    const began = performance.now()
    const { outcome } = await approvals.service.request(subject, ask, signal)
    if (run >= WARM_UP) times.push(performance.now() - began)
    if (outcome !== (run % 4 === 2 ? 'denied' : 'allowed')) throw new Error(`${ask.title} was ${outcome}.`)
  }
  return {
    name: `gate: request to verdict of an automatic decision, ${RULES} rules`,
    measured: spreadOf(times),
    target: `median < ${LIMIT_MS} ms`,
    isReached: median(times) < LIMIT_MS,
    remark: `commands and edits by rules that allow, a denied command, reading, in equal parts, n = ${RUNS}; decision and entry in the log are on disk`,
  }
}

async function measureJudgement({ subject, dataDirectory, rules, deps }: Stage): Promise<Figure> {
  const compiled = compileRules(rules)
  const facts: number[] = []
  const evaluations: number[] = []
  const whole: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const ask = callOf(run, subject)
    const began = performance.now()
    const known = await factsOf(ask, { ...subject, dataDirectory })
    const between = performance.now()
    await evaluate(known, { preset: 'careful', rules: compiled, now: systemClock.now(), areUnchanged })
    const end = performance.now()
    await deps.policy.decide({ ask, context: subject, riskLevel: 'medium' })
    if (run < WARM_UP) continue
    facts.push(between - began)
    evaluations.push(end - between)
    whole.push(performance.now() - end)
  }
  return {
    name: `gate: of which judging the call once, ${RULES} rules`,
    measured: spreadOf(whole),
    target: 'none',
    isReached: true,
    remark: `facts of the call ${spreadOf(facts)}, evaluation of the rules ${spreadOf(evaluations)}; the call’s files are read before that, and once more after`,
  }
}

/** Decision and entry in one transaction, as the gate writes them. */
async function measureTransaction({ database, deps, subject }: Stage): Promise<Figure> {
  const ask = callOf(0, subject)
  const call = await evaluateCall(deps, { subject, ask })
  const request = await describeRequest(deps, { subject, ask, call })
  const inserts: number[] = []
  const appends: number[] = []
  const whole: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const requestId = RequestId.parse(randomUUID())
    const at = systemClock.now()
    const began = performance.now()
    const parts = await database.transaction().execute(async (transaction) => {
      const first = performance.now()
      const by = { kind: 'rule' as const, name: call.answer.rule }
      await new ApprovalRepository(transaction).insert(
        subject.userId,
        { ...request, requestId },
        { outcome: 'allowed', by, at: at.toISOString() },
      )
      const second = performance.now()
      const details = { sessionId: subject.sessionId, toolName: ask.toolName, inputHash: request.inputHash, latencyMs: 1 }
      await recordAudit(transaction, { at, actor: `rule: ${call.answer.rule}`, action: 'approval.allowed', subject: requestId, details })
      return { insert: second - first, append: performance.now() - second }
    })
    if (run < WARM_UP) continue
    whole.push(performance.now() - began)
    inserts.push(parts.insert)
    appends.push(parts.append)
  }
  return {
    name: 'gate: of which the entry in the audit log, inside the decision’s transaction',
    measured: spreadOf(appends),
    target: `median < ${APPEND_LIMIT_MS} ms`,
    isReached: median(appends) < APPEND_LIMIT_MS,
    remark: `the decision beside it ${spreadOf(inserts)}, the transaction with its commit ${spreadOf(whole)}, n = ${RUNS}`,
  }
}

function spreadOf(times: readonly number[]): string {
  return `median ${median(times).toFixed(2)} ms, p99 ${percentile(times, 99).toFixed(2)} ms`
}
