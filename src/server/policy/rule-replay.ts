import { setImmediate } from 'node:timers/promises'
import { type ProviderId, RuleId, type SessionId, type UserId } from '#protocol/ids'
import type { PolicyRule, RuleDraft, RuleReplay } from '#protocol/policy'
import type { Project } from '#protocol/projects'
import type { PermissionMode } from '#protocol/providers'
import { redactText } from '../platform/redact.ts'
import type { Provider } from '../providers/provider.ts'
import { compileRules } from './compiled-rules.ts'
import { judge } from './judge.ts'
import { shorten } from './suggestion-words.ts'
import { assessRealRisk } from './tool-risk.ts'

const MAX_DENIED = 20
const MAX_TITLE = 300
const TRIAL = RuleId.parse('rul_trial')

/** A call that was decided. */
export interface PastCall {
  userId: UserId
  sessionId: SessionId
  provider: ProviderId
  /** The session's mode as it is now: what it was is not kept. */
  mode: PermissionMode
  toolName: string
  toolInput: Record<string, unknown>
  cwd: string
  at: string
  deniedByPerson: boolean
}

export interface ReplayOptions {
  project: Project
  dataDirectory: string
  provider: (id: string) => Provider
  now: Date
}

/**
 * What a rule alone would have decided, through the steps that real calls take. The contents of files are left out of
 * account, since nobody knows what they were: an exact rule covers every call of the same hash. Paths lead where they
 * lead now. Lets others have their turn between calls.
 */
export async function replayRule(draft: RuleDraft, calls: AsyncIterable<PastCall>, options: ReplayOptions): Promise<RuleReplay> {
  const { decision, scope, match, reason, expiresAt } = draft
  const rule: PolicyRule = { id: TRIAL, decision, scope, match, reason, expiresAt, author: '', createdAt: options.now.toISOString() }
  const rules = compileRules([rule])
  const replay: RuleReplay = { calls: 0, covered: 0, deniedCount: 0, denied: [] }
  for await (const call of calls) {
    await setImmediate()
    replay.calls += 1
    const ask = { ...options.provider(call.provider).describeCall(call.toolName, call.toolInput, call.cwd), cwd: call.cwd }
    const verdict = await judge(await questionOf(call, ask, options), {
      preset: 'careful',
      rules,
      now: options.now,
      dataDirectory: options.dataDirectory,
      areUnchanged: () => Promise.resolve(true),
    })
    if (verdict.rule?.id !== TRIAL || verdict.decision !== decision) continue
    replay.covered += 1
    if (!call.deniedByPerson) continue
    replay.deniedCount += 1
    if (replay.denied.length < MAX_DENIED)
      replay.denied.push({ at: call.at, toolName: call.toolName, title: shorten(redactText(ask.title), MAX_TITLE) })
  }
  return replay
}

async function questionOf(
  call: PastCall,
  ask: ReturnType<Provider['describeCall']>,
  { project }: ReplayOptions,
): Promise<Parameters<typeof judge>[0]> {
  const { userId, sessionId, provider, mode } = call
  const context = { userId, projectId: project.id, sessionId, provider, mode, cwd: project.path, trusted: project.trusted }
  return { ask, context, riskLevel: (await assessRealRisk(ask, project.path)).level }
}
