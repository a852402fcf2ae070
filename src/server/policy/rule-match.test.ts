import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProjectId, ProviderId, SessionId, Sha256, UserId } from '#protocol/ids'
import type { PolicyDecision, PolicyPreset, RuleMatch, RuleScope } from '#protocol/policy'
import {
  allow,
  ask,
  contextIn,
  deny,
  evaluateCallIn,
  makePolicyProject,
  NOW,
  type PolicyCall,
  type RuleParts,
} from '../../../test/support/policy-calls.ts'
import { describeCall } from '../providers/claude/describe-call.ts'
import { factsOf } from './call-facts.ts'

let folder = ''
let project = ''

beforeAll(async () => {
  folder = await makePolicyProject()
  project = join(folder, 'project')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function decide(call: Partial<PolicyCall> & Pick<PolicyCall, 'rules'>): Promise<PolicyDecision> {
  return (await evaluateCallIn(folder, { tool: 'Write', input: { file_path: join(project, 'src/a.ts'), content: '' }, ...call })).decision
}

const WRITE: RuleMatch = { tools: ['Write'] }

const HERE: readonly RuleScope[] = [
  { kind: 'global' },
  { kind: 'user', userId: UserId.parse('usr_1') },
  { kind: 'project', projectId: ProjectId.parse('prj_1') },
  { kind: 'project', projectId: ProjectId.parse('prj_1'), userId: UserId.parse('usr_1') },
  { kind: 'session', sessionId: SessionId.parse('ses_1') },
]
const ELSEWHERE: readonly RuleScope[] = [
  { kind: 'user', userId: UserId.parse('usr_2') },
  { kind: 'project', projectId: ProjectId.parse('prj_2') },
  { kind: 'project', projectId: ProjectId.parse('prj_1'), userId: UserId.parse('usr_2') },
  { kind: 'project', projectId: ProjectId.parse('prj_2'), userId: UserId.parse('usr_1') },
  { kind: 'session', sessionId: SessionId.parse('ses_2') },
]

describe('where a rule holds', () => {
  test.for(HERE.map((scope) => [JSON.stringify(scope), scope] as const))('%s holds', async ([, scope]) => {
    expect(await decide({ rules: [allow(WRITE, { scope })] })).toBe('allow')
    expect(await decide({ rules: [deny(WRITE, { scope })] })).toBe('deny')
  })

  test.for(ELSEWHERE.map((scope) => [JSON.stringify(scope), scope] as const))('%s does not', async ([, scope]) => {
    expect(await decide({ rules: [allow(WRITE, { scope })] })).toBe('ask')
    expect(await decide({ rules: [deny(WRITE, { scope }), allow(WRITE)] })).toBe('allow')
  })

  test('deny beats ask beats allow between any two scopes', async () => {
    for (const one of HERE) {
      for (const other of HERE) {
        expect(await decide({ rules: [allow(WRITE, { scope: one }), deny(WRITE, { scope: other })] })).toBe('deny')
        expect(await decide({ rules: [ask(WRITE, { scope: one }), deny(WRITE, { scope: other })] })).toBe('deny')
        expect(await decide({ rules: [allow(WRITE, { scope: one }), ask(WRITE, { scope: other })] })).toBe('ask')
      }
    }
  })

  test.for([
    ['2030-01-01T00:00:00.001Z', 'allow'],
    ['2030-01-01T00:00:00.000Z', 'ask'],
    ['2029-12-31T23:59:59.999Z', 'ask'],
  ] as const)('a rule that ends at %s: %s', async ([expiresAt, decision]) => {
    expect(NOW.toISOString()).toBe('2030-01-01T00:00:00.000Z')
    expect(await decide({ rules: [allow(WRITE, { expiresAt })] })).toBe(decision)
  })

  test('a session that is not yet one has no rules of its own', async () => {
    expect(
      await decide({
        rules: [allow(WRITE, { scope: { kind: 'session', sessionId: SessionId.parse('ses_1') } })],
        context: { sessionId: null },
      }),
    ).toBe('ask')
  })

  test.for([
    [{ ...WRITE, provider: ProviderId.parse('claude') }, 'allow'],
    [{ ...WRITE, provider: ProviderId.parse('codex') }, 'ask'],
    [{ ...WRITE, modes: ['default' as const] }, 'allow'],
    [{ ...WRITE, modes: ['plan' as const, 'acceptEdits' as const] }, 'ask'],
    [{ provider: ProviderId.parse('claude') }, 'ask'],
    [{ modes: ['default' as const] }, 'ask'],
    [{}, 'ask'],
  ] as [RuleMatch, PolicyDecision][])('%o: %s', async ([match, decision]) => {
    expect(await decide({ rules: [allow(match)] })).toBe(decision)
  })
})

describe('tools', () => {
  test.for([
    ['mcp__a__*', 'mcp__a__x', 'allow', 'deny'],
    ['mcp__a__*', 'mcp__a_b__x', 'ask', 'ask'],
    ['mcp__a__*', 'mcp__a__b__x', 'ask', 'deny'],
    ['mcp__a__*', 'mcp__ab__x', 'ask', 'ask'],
    ['mcp__a__b__*', 'mcp__a__b__x', 'allow', 'deny'],
    ['mcp__*', 'mcp__a__x', 'ask', 'ask'],
    ['mcp__*__x', 'mcp__a__x', 'ask', 'ask'],
    ['mcp__a__x', 'mcp__a__x', 'allow', 'deny'],
    ['mcp__a__x', 'mcp__a__xy', 'ask', 'ask'],
    ['Mcp__a__x', 'mcp__a__x', 'ask', 'ask'],
    ['*', 'mcp__a__x', 'allow', 'deny'],
    ['Wr*', 'Write', 'ask', 'ask'],
  ] as const)('%s, %s: %s or %s', async ([pattern, tool, allowed, denied]) => {
    const call = tool === 'Write' ? {} : { tool, input: {} }
    expect(await decide({ ...call, rules: [allow({ tools: [pattern] })] })).toBe(allowed)
    expect(await decide({ ...call, rules: [deny({ tools: [pattern] })] })).toBe(denied)
  })

  test.for([
    ['Read', { file_path: 'src/a.ts' }, 'allow', 'allow'],
    ['Read', { file_path: '.env' }, 'ask', 'deny'],
    ['Read', { file_path: 'out/x' }, 'ask', 'deny'],
    ['Glob', { pattern: '**/*.ts' }, 'allow', 'allow'],
    ['TodoWrite', { todos: [] }, 'allow', 'allow'],
    ['Write', { file_path: 'src/a.ts', content: '' }, 'ask', 'deny'],
    ['Edit', { file_path: 'src/a.ts', old_string: 'a', new_string: 'b' }, 'ask', 'deny'],
    ['Bash', { command: 'ls src' }, 'allow', 'allow'],
    ['Bash', { command: 'touch x' }, 'ask', 'deny'],
    ['PowerShell', { command: 'ls src' }, 'ask', 'deny'],
    ['WebFetch', { url: 'https://example.org/' }, 'ask', 'deny'],
    ['mcp__a__read', {}, 'ask', 'deny'],
    ['NoSuchTool', {}, 'ask', 'deny'],
    ['AskUserQuestion', { questions: [] }, 'ask', 'ask'],
    ['ExitPlanMode', { plan: '' }, 'ask', 'ask'],
  ] as const)('%s %o: careful %s, read-only %s', async ([tool, input, careful, readOnly]) => {
    for (const [preset, decision] of [
      ['careful', careful],
      ['read-only', readOnly],
    ] as [PolicyPreset, PolicyDecision][])
      expect(await decide({ tool, input, rules: [], preset })).toBe(decision)
  })

  test('no rule answers a question or approves a plan', async () => {
    for (const tool of ['AskUserQuestion', 'ExitPlanMode']) {
      expect(await decide({ tool, input: {}, rules: [allow({ tools: [tool] }), allow({ tools: ['*'] })] })).toBe('ask')
      expect(await decide({ tool, input: {}, rules: [deny({ tools: [tool] })] })).toBe('deny')
    }
  })

  test('a rule for tools covers no command, and one for another shell is not read', async () => {
    expect(await decide({ tool: 'Bash', input: { command: 'touch x' }, rules: [allow({ tools: ['Bash'] })] })).toBe('ask')
    expect(await decide({ tool: 'Bash', input: { command: 'touch x' }, rules: [allow({ tools: ['Bash'], command: 'touch *' })] })).toBe(
      'allow',
    )
    expect(await decide({ tool: 'PowerShell', input: { command: 'touch x' }, rules: [allow({ command: 'touch *' })] })).toBe('ask')
    expect(await decide({ tool: 'PowerShell', input: { command: 'touch x' }, rules: [deny({ command: 'touch *' })] })).toBe('deny')
    expect(
      await decide({
        tool: 'Bash',
        input: { command: 'touch x', dangerouslyDisableSandbox: true },
        rules: [allow({ command: 'touch *' })],
      }),
    ).toBe('ask')
  })
})

describe('exact calls', () => {
  const input = { command: 'sh run.sh' }
  async function exactRule(text: string): Promise<RuleParts> {
    const { callHash } = await factsOf(describeCall('Bash', input, project), contextIn(folder))
    const sha256 = Sha256.parse(createHash('sha256').update(text).digest('hex'))
    return allow({ exact: { callHash: Sha256.parse(callHash), files: [{ path: join(project, 'run.sh'), sha256 }] } })
  }

  test('hold while their files are as they were', async () => {
    expect(await decide({ tool: 'Bash', input, rules: [await exactRule('text')] })).toBe('allow')
    expect(await decide({ tool: 'Bash', input, rules: [await exactRule('another')] })).toBe('ask')
    expect(await decide({ tool: 'Bash', input, rules: [await exactRule('another'), await exactRule('text')] })).toBe('allow')
  })

  test('are no other call, by any detail', async () => {
    const rules = [await exactRule('text')]
    expect(await decide({ tool: 'Bash', input: { command: 'sh run.sh ' }, rules })).toBe('ask')
    expect(await decide({ tool: 'Bash', input: { ...input, run_in_background: true }, rules })).toBe('ask')
    expect(await decide({ tool: 'Bash', input, rules, callCwd: join(project, 'src') })).toBe('ask')
    expect(await decide({ tool: 'Bash', input: { ...input, description: 'other words' }, rules })).toBe('allow')
    expect(await decide({ tool: 'Bash', input, rules: [...rules, deny({ command: 'sh **' })] })).toBe('deny')
  })
})

describe('repositories', () => {
  test.for([
    ['', 'allow'],
    ['src/deep', 'allow'],
    ['vendor/plain', 'allow'],
    ['vendor/bare', 'ask'],
    ['vendor/bare/objects', 'ask'],
    ['../outside', 'ask'],
  ] as const)('git in "%s": %s', async ([place, decision]) => {
    const call = { tool: 'Bash', input: { command: 'git status' }, callCwd: join(project, place) }
    expect(await decide({ ...call, rules: [] })).toBe(decision)
    expect(await decide({ ...call, rules: [allow({ command: 'git status **' })] })).toBe(decision)
  })
})
