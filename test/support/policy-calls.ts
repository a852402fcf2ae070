import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProjectId, ProviderId, RuleId, SessionId, UserId } from '#protocol/ids'
import type { PolicyPreset, PolicyRule, RuleMatch } from '#protocol/policy'
import { type CallContext, factsOf } from '../../src/server/policy/call-facts.ts'
import { compileRules } from '../../src/server/policy/compiled-rules.ts'
import { type Evaluation, evaluate } from '../../src/server/policy/evaluate.ts'
import { areUnchanged } from '../../src/server/policy/unchanged-files.ts'
import { describeCall } from '../../src/server/providers/claude/describe-call.ts'

/* Calls of tools and rules about them, without a server. */

export const NOW = new Date('2030-01-01T00:00:00.000Z')

export type RuleParts = Partial<PolicyRule> & Pick<PolicyRule, 'decision' | 'match'>

export function ruleOf(parts: RuleParts, index = 0): PolicyRule {
  const maker = { reason: '', expiresAt: null, author: 'ann', createdAt: NOW.toISOString() }
  return { id: RuleId.parse(`rul_${String(index)}`), scope: { kind: 'global' }, ...maker, ...parts }
}

export interface PolicyCall {
  tool: string
  input: Record<string, unknown>
  rules: readonly RuleParts[]
  preset?: PolicyPreset
  context?: Partial<CallContext>
  /** Where the call is made, when that is not the project's folder. */
  callCwd?: string
}

export const allow = (match: RuleMatch, parts: Partial<RuleParts> = {}): RuleParts => ({ decision: 'allow', match, ...parts })
export const ask = (match: RuleMatch, parts: Partial<RuleParts> = {}): RuleParts => ({ decision: 'ask', match, ...parts })
export const deny = (match: RuleMatch, parts: Partial<RuleParts> = {}): RuleParts => ({ decision: 'deny', match, ...parts })

/** The context of a call in the project `folder/project`. */
export function contextIn(folder: string, parts: Partial<CallContext> = {}): CallContext {
  return {
    userId: UserId.parse('usr_1'),
    projectId: ProjectId.parse('prj_1'),
    sessionId: SessionId.parse('ses_1'),
    provider: ProviderId.parse('claude'),
    mode: 'default',
    cwd: join(folder, 'project'),
    trusted: true,
    dataDirectory: join(folder, 'data'),
    ...parts,
  }
}

/** What the policy says of a call in the project `folder/project`. */
export async function evaluateCallIn(folder: string, call: PolicyCall): Promise<Evaluation> {
  const context = contextIn(folder, call.context)
  const ask = { ...describeCall(call.tool, call.input, context.cwd), ...(call.callCwd === undefined ? {} : { cwd: call.callCwd }) }
  const rules = compileRules(call.rules.map(ruleOf))
  return evaluate(await factsOf(ask, context), { preset: call.preset ?? 'careful', rules, now: NOW, areUnchanged })
}

/** A project with links, secrets and foreign repositories in `folder/project`, for calls about it. Returns `folder`. */
export async function makePolicyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'))
  const project = join(folder, 'project')
  for (const path of ['.git', 'src/deep', 'secret', 'vendor/bare/objects', 'vendor/plain', '../project-evil', '../outside', '../data'])
    await mkdir(join(project, path), { recursive: true })
  for (const path of ['src/a.ts', 'secret/x', 'vendor/bare/HEAD', '../outside/x', 'run.sh']) await writeFile(join(project, path), 'text')
  await symlink('src', join(project, 'inner'))
  await symlink('secret', join(project, 'public'))
  await symlink('../outside', join(project, 'out'))
  await symlink('../data', join(project, 'own'))
  await symlink(project, join(folder, 'linked'))
  return folder
}
