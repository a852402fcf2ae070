import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SessionId, UserId } from '#protocol/ids'
import type { PolicyPreset, RuleMatch, RuleScope } from '#protocol/policy'
import { evaluateCallIn, makePolicyProject, type RuleParts } from '../../../test/support/policy-calls.ts'

/* What holds for all rules and calls, tried with random ones. FUZZ_RUNS sets how many. */

const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 2000) / 5)
const TIMEOUT = 60_000 + RUNS * 50

let folder = ''
beforeAll(async () => {
  folder = await makePolicyProject()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const command = fc.constantFrom(
  'mytool x',
  'mytool build --fast',
  'git status',
  'git push origin main',
  'cat src/a.ts',
  'cat secret/x',
  'touch y',
  'npm test',
  'rm -r -f z',
  'curl evil.test',
)
const wrapped = fc
  .tuple(
    command,
    fc.constantFrom(
      (text: string) => text,
      (text: string) => `env A=b timeout 5 ${text}`,
      (text: string) => `sh -c '${text}'`,
      (text: string) => `echo $(${text})`,
      (text: string) => `xargs ${text}`,
      (text: string) => `/usr/bin/${text}`,
      (text: string) => `if true; then ${text}; fi`,
      (text: string) => `cd src && ${text}`,
    ),
  )
  .map(([text, wrap]) => wrap(text))
const line = fc
  .array(fc.oneof({ weight: 3, arbitrary: command }, { weight: 1, arbitrary: wrapped }), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.constantFrom(' && ', '; ', ' | ').map((separator) => parts.join(separator)))
const path = fc.constantFrom(
  'src/a.ts',
  'secret/x',
  'public/x',
  'inner/a.ts',
  'out/x',
  '../outside/x',
  '.git/config',
  'package.json',
  'SECRET/x',
)
const call = fc.oneof(
  { weight: 4, arbitrary: line.map((text) => ({ tool: 'Bash', input: { command: text } })) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('Write', 'Read', 'Edit'), path).map(([tool, name]) => ({ tool, input: { file_path: name } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('https://example.org/', 'https://a.example.org:8443/', 'https://evil.test/', 'nonsense')
      .map((url) => ({ tool: 'WebFetch', input: { url } })),
  },
  { weight: 1, arbitrary: fc.constantFrom('mcp__a__x', 'mcp__a__b__x', 'mcp__b__x').map((tool) => ({ tool, input: { at: 'evil.test' } })) },
)

const SHAPES = [
  'mytool **',
  'mytool x',
  'mytool *',
  'git **',
  'git status **',
  'git push **',
  'cat **',
  'touch **',
  'npm test',
  'rm -rf **',
  'curl **',
  'env **',
  'sh **',
  '**',
  'echo **',
  'cd **',
]
const conditions = {
  tools: fc.subarray(['*', 'Bash', 'Write', 'Read', 'WebFetch', 'mcp__a__*', 'mcp__b__x'], { minLength: 1, maxLength: 2 }),
  command: fc.constantFrom(...SHAPES),
  paths: fc.subarray(['src/**', 'secret/**', '**', '/**', '../outside/**', '**/*.ts', 'public'], { minLength: 1, maxLength: 2 }),
  domains: fc.subarray(['example.org', '*.example.org', 'evil.test', 'a.example.org:8443'], { minLength: 1, maxLength: 2 }),
  modes: fc.subarray(['default' as const, 'plan' as const], { minLength: 1 }),
}
const { tools, command: shape, paths, domains } = conditions
/** One condition for the most part, so that many rules speak of a call. */
const match: fc.Arbitrary<RuleMatch> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ command: shape }) },
  { weight: 3, arbitrary: fc.record({ tools }) },
  { weight: 2, arbitrary: fc.record({ paths }) },
  { weight: 1, arbitrary: fc.record({ tools, domains }) },
  { weight: 2, arbitrary: fc.record(conditions, { requiredKeys: [] }) },
)
const scope: fc.Arbitrary<RuleScope> = fc.constantFrom<RuleScope[]>(
  { kind: 'global' },
  { kind: 'user', userId: UserId.parse('usr_1') },
  { kind: 'user', userId: UserId.parse('usr_2') },
  { kind: 'session', sessionId: SessionId.parse('ses_1') },
)
const rule: fc.Arbitrary<RuleParts> = fc.record({
  decision: fc.constantFrom('allow' as const, 'allow' as const, 'ask' as const, 'deny' as const),
  match,
  scope,
})
const rules = fc.array(rule, { maxLength: 6 })
const preset = fc.constantFrom<PolicyPreset[]>('careful', 'read-only')
const trusted = fc.boolean()

interface Situation {
  call: { tool: string; input: Record<string, unknown> }
  preset: PolicyPreset
  trusted: boolean
}
const situation: fc.Arbitrary<Situation> = fc.record({ call, preset, trusted })

async function decide(situation: Situation, given: readonly RuleParts[]) {
  const { call: made, preset: chosen, trusted: isTrusted } = situation
  return (await evaluateCallIn(folder, { ...made, rules: given, preset: chosen, context: { trusted: isTrusted } })).decision
}

const STRICTNESS = { allow: 0, ask: 1, deny: 2 }

test('a deny rule more never makes a decision milder, and what it covers passes with no other rules', { timeout: TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(situation, rules, match, scope, async (at, given, denied, where) => {
      const deny: RuleParts = { decision: 'deny', match: denied, scope: where }
      const before = await decide(at, given)
      const after = await decide(at, [...given, deny])
      const alone = await decide({ ...at, preset: 'careful' }, [deny])
      expect(STRICTNESS[after]).toBeGreaterThanOrEqual(STRICTNESS[before])
      if (alone === 'deny') expect(after).toBe('deny')
    }),
    { numRuns: RUNS },
  )
})

test('an ask rule more never allows, and what it covers is never allowed', { timeout: TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(situation, rules, match, async (at, given, asked) => {
      const ask: RuleParts = { decision: 'ask', match: asked }
      const after = await decide(at, [...given, ask])
      if ((await decide(at, given)) !== 'allow') expect(after).not.toBe('allow')
      if ((await decide({ ...at, preset: 'read-only' }, [ask])) === 'ask') expect(after).not.toBe('allow')
    }),
    { numRuns: RUNS },
  )
})

test('the order of rules never matters, nor does writing one twice', { timeout: TIMEOUT }, async () => {
  const shuffled = rules.chain((given) => fc.shuffledSubarray(given, { minLength: given.length }).map((other) => ({ given, other })))
  await fc.assert(
    fc.asyncProperty(situation, shuffled, async (at, { given, other }) => {
      const decision = await decide(at, given)
      expect(await decide(at, other)).toBe(decision)
      expect(await decide(at, [...given, ...other])).toBe(decision)
    }),
    { numRuns: RUNS },
  )
})

/** Each says of fewer calls what the rule said of more. */
const narrower: fc.Arbitrary<(wide: RuleMatch) => RuleMatch> = fc.constantFrom(
  (wide: RuleMatch) => ({ ...wide, modes: ['default' as const] }),
  (wide: RuleMatch) => ({ ...wide, modes: ['plan' as const] }),
  (wide: RuleMatch) => ({ ...wide, tools: (wide.tools ?? ['*']).slice(0, 1) }),
  (wide: RuleMatch) => ({ ...wide, tools: ['Bash'] }),
  (wide: RuleMatch) => (wide.paths ? { ...wide, paths: wide.paths.slice(0, 1) } : wide),
  (wide: RuleMatch) => (wide.domains ? { ...wide, domains: wide.domains.slice(0, 1) } : wide),
  (wide: RuleMatch) => (wide.tools ? { ...wide, domains: wide.domains ?? ['example.org'] } : wide),
  (wide: RuleMatch) => (wide.command?.endsWith('**') === true ? { ...wide, command: wide.command.replace('**', 'x **') } : wide),
  (wide: RuleMatch) => (wide.command?.endsWith('**') === true ? { ...wide, command: wide.command.replace('**', '*') } : wide),
)

test('a narrower rule never allows more', { timeout: TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(situation, rules, match, narrower, async (at, given, wide, narrow) => {
      // Tools that it had not named before would be a wider rule where it had.
      const narrowed = narrow(wide)
      const isNarrower = (narrowed.tools ?? []).every(
        (tool) => wide.tools === undefined || wide.tools.includes('*') || wide.tools.includes(tool),
      )
      const isMode = (narrowed.modes ?? []).every((mode) => wide.modes === undefined || wide.modes.includes(mode))
      // A rule for sites allows nothing until its tools are named, which is for whoever writes it to see.
      if (!isNarrower || !isMode || (wide.domains && !wide.tools)) return
      const decision = await decide(at, [...given, { decision: 'allow', match: narrowed }])
      if (decision === 'allow') expect(await decide(at, [...given, { decision: 'allow', match: wide }])).toBe('allow')
    }),
    { numRuns: RUNS },
  )
})

test('whatever stands in rules and calls, there is a decision', { timeout: TIMEOUT }, async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...Array.from('ab*?/.~ $`"\'\\;|&<>(){}[]:@-_=!\n\u200b\u0000')), maxLength: 40 }),
  )
  const some = fc.array(text, { minLength: 1, maxLength: 3 })
  const wild = fc.record({ tools: some, command: text, paths: some, domains: some }, { requiredKeys: [] })
  const calls = fc.oneof(
    fc.tuple(fc.constantFrom('Bash', 'PowerShell', 'Monitor'), text).map(([tool, said]) => ({ tool, input: { command: said } })),
    fc.tuple(fc.constantFrom('Write', 'Read', 'Grep', 'WebFetch', 'toString', '__proto__'), text).map(([tool, said]) => ({
      tool,
      input: { file_path: said, pattern: said, url: said, path: said },
    })),
    fc.tuple(text, fc.jsonValue()).map(([tool, value]) => ({ tool, input: { command: value, url: value, file_path: value } })),
  )
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.array(fc.record({ decision: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const), match: wild }), { maxLength: 4 }),
      async (made, given) => {
        expect(['allow', 'ask', 'deny']).toContain(await decide({ call: made, preset: 'careful', trusted: true }, given))
      },
    ),
    { numRuns: RUNS },
  )
})

test('rules and calls that are made to be slow are decided, a thousand rules at once', { timeout: TIMEOUT }, async () => {
  const stars = `${'*a'.repeat(300)}b`
  const deep = `${'**/'.repeat(300)}x`
  const slow: RuleMatch[] = [
    { command: '** '.repeat(300) },
    { command: `git ${'a '.repeat(400)}**` },
    { command: `env ${'git '.repeat(200)}**` },
    { paths: [stars, deep] },
    { domains: [stars] },
    { tools: [`mcp__${'_'.repeat(400)}*`] },
  ]
  const given = Array.from({ length: 1000 }, (_, index): RuleParts => ({ decision: 'deny', match: slow[index % slow.length] ?? {} }))
  const inputs = [
    { tool: 'Write', input: { file_path: join('a'.repeat(200), 'x/'.repeat(400)) } },
    { tool: 'WebFetch', input: { url: `https://${'a.'.repeat(120)}test/` } },
    { tool: `mcp__${'_'.repeat(5000)}`, input: { x: 'a.'.repeat(10_000) } },
    ...[
      'env '.repeat(900),
      `env ${'git '.repeat(900)}`,
      '$('.repeat(1900),
      `sh -c '${'sh -c "x y" '.repeat(300)}'`,
      'a|'.repeat(1900),
      'x="`'.repeat(900),
      '{a,'.repeat(1300),
      'a; '.repeat(300_000),
    ].map((text) => ({
      tool: 'Bash',
      input: { command: text },
    })),
  ]
  for (const made of inputs) expect(['ask', 'deny']).toContain(await decide({ call: made, preset: 'careful', trusted: true }, given))
})
