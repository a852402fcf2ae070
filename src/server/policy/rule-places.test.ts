import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PolicyDecision, RuleMatch } from '#protocol/policy'
import { allow, deny, evaluateCallIn, makePolicyProject, type PolicyCall } from '../../../test/support/policy-calls.ts'

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

describe('paths', () => {
  test.for([
    ['src/**', 'src/a.ts', 'allow'],
    ['src/**', 'src/new/b.ts', 'allow'],
    ['src/', 'src/deep/b.ts', 'allow'],
    ['./src/**', 'src/a.ts', 'allow'],
    ['src/../src/*', 'src/a.ts', 'allow'],
    ['**/*.ts', 'src/a.ts', 'allow'],
    ['src/?.ts', 'src/a.ts', 'allow'],
    ['src/**', 'inner/a.ts', 'allow'],
    ['src/**', 'src/./deep/../a.ts', 'allow'],
    ['inner/**', 'inner/a.ts', 'ask'],
    ['inner/**', 'src/a.ts', 'ask'],
    ['src/*', 'src/deep/b.ts', 'ask'],
    ['src?a.ts', 'src/a.ts', 'ask'],
    ['SRC/**', 'src/a.ts', 'ask'],
    ['src', 'src/a.ts', 'ask'],
    ['sr', 'src/a.ts', 'ask'],
    ['**', '../project-evil/x', 'ask'],
    ['src/**', 'src/../../project-evil/x', 'ask'],
    ['**', 'out/x', 'ask'],
    ['out/**', 'out/x', 'ask'],
    ['../outside/**', 'out/x', 'allow'],
    ['../outside/**', '../outside/x', 'allow'],
    ['../outside/**', '../project-evil/x', 'ask'],
    ['/**', 'out/x', 'allow'],
    ['/**', '.git/config', 'ask'],
    ['**', '.git/hooks/pre-commit', 'ask'],
    ['.git/config', '.git/config', 'ask'],
    ['**', '.GIT/config', 'ask'],
    ['**', '.g\u200dit/config', 'ask'],
    ['**', '.claude./settings.json', 'ask'],
    ['**', '.claude/', 'ask'],
    ['**', '.mcp.json', 'ask'],
    ['**', '.McP.jSoN', 'ask'],
    ['package.json', 'package.json', 'ask'],
    ['**', 'src/package.json', 'ask'],
    ['**', 'src/../.bashrc', 'ask'],
    ['**', '.github/workflows/x.yml', 'ask'],
    ['**', 'node_modules/x/index.js', 'ask'],
    ['/**', '../.ssh/authorized_keys', 'ask'],
    ['/**', '../data/x', 'ask'],
    ['/**', 'own/x', 'ask'],
  ] as const)('allow %s, writing %s: %s', async ([pattern, path, decision]) => {
    const input = { file_path: `${project}/${path}`, content: '' }
    expect(await decide({ input, rules: [allow({ tools: ['Write'], paths: [pattern] })] })).toBe(decision)
  })

  test.for([
    ['secret/**', 'secret/x', 'deny'],
    ['secret', 'secret/x', 'deny'],
    ['secret/', 'secret/x', 'deny'],
    ['secret/**', 'SECRET/x', 'deny'],
    ['Secret/**', 'secret/x', 'deny'],
    ['secret/**', 'public/x', 'deny'],
    ['public/**', 'public/x', 'deny'],
    ['secret/**', 'src/../secret/x', 'deny'],
    ['secret/**', 'se\u017fret/../\u017fecret/x', 'deny'],
    ['secret/**', 'secret./x', 'deny'],
    ['**/x', 'secret/x', 'deny'],
    ['secret/**', 'secrets/x', 'allow'],
    ['secret/**', 'src/secret', 'allow'],
    ['../outside/**', 'out/x', 'deny'],
  ] as const)('deny %s, writing %s: %s', async ([pattern, path, decision]) => {
    const input = { file_path: `${project}/${path}`, content: '' }
    expect(await decide({ input, rules: [deny({ paths: [pattern] }), allow(WRITE)] })).toBe(decision)
  })

  test.for([
    ['cat secret/x', 'deny'],
    ['cat public/x', 'deny'],
    ['mytool --in=secret/x', 'deny'],
    ['mytool -Isecret', 'deny'],
    ['echo x > secret/y', 'deny'],
    ['cd secret && cat x', 'deny'],
    ['cat "$(echo x)" secret/x', 'deny'],
    ['cat $X/secret/x', 'ask'],
    ['cat src/a.ts', 'allow'],
    [`mytool ${'a/b '.repeat(120)} secret/x`, 'deny'],
  ] as const)('deny secret/**, running %s: %s', async ([command, decision]) => {
    expect(await decide({ tool: 'Bash', input: { command }, rules: [deny({ paths: ['secret/**'] })] })).toBe(decision)
  })

  test('a project that is reached by a link has its rules', async () => {
    const context = { cwd: join(folder, 'linked') }
    const input = { file_path: join(folder, 'linked', 'src/a.ts'), content: '' }

    expect(await decide({ input, context, rules: [allow({ tools: ['Write'], paths: ['src/**'] })] })).toBe('allow')
    expect(await decide({ input, context, rules: [deny({ paths: ['src/**'] })] })).toBe('deny')
  })
})

describe('sites', () => {
  const NAMES = 'docs.example.org'
  test.for([
    [NAMES, 'https://docs.example.org/x', 'allow'],
    [NAMES, 'http://docs.example.org', 'allow'],
    [NAMES, 'https://docs.example.org:443/', 'allow'],
    [NAMES, 'https://DOCS.Example.ORG/', 'allow'],
    [NAMES, 'https://docs.example.org./', 'allow'],
    [NAMES, 'https://docs.example.org:8443/', 'ask'],
    ['docs.example.org:8443', 'https://docs.example.org:8443/', 'allow'],
    ['docs.example.org:8443', 'https://docs.example.org/', 'ask'],
    ['docs.example.org:443', 'https://docs.example.org/', 'allow'],
    [NAMES, 'https://docs.example.org.evil.test/', 'ask'],
    [NAMES, 'https://evil-docs.example.org/', 'ask'],
    [NAMES, 'https://docs.example.org@evil.test/', 'ask'],
    [NAMES, 'https://evil.test/#docs.example.org', 'ask'],
    [NAMES, 'https://evil.test\\@docs.example.org/', 'ask'],
    [NAMES, 'https://docs.example.org%2eevil.test/', 'ask'],
    [NAMES, 'https://docs.example.org\u3002evil.test/', 'ask'],
    [NAMES, 'https://d\u043ecs.example.org/', 'ask'],
    [NAMES, 'file://docs.example.org/x', 'ask'],
    [NAMES, 'ftp://docs.example.org/x', 'ask'],
    [NAMES, 'docs.example.org', 'ask'],
    [NAMES, '', 'ask'],
    ['*.example.org', 'https://docs.example.org/', 'allow'],
    ['*.example.org', 'https://a.b.example.org/', 'allow'],
    ['*.example.org', 'https://example.org/', 'ask'],
    ['*.example.org', 'https://badexample.org/', 'ask'],
    ['*.', 'https://example.org/', 'ask'],
    ['*', 'https://example.org/', 'ask'],
    ['*.*', 'https://example.org/', 'ask'],
    ['b\u00fccher.example', 'https://xn--bcher-kva.example/', 'allow'],
    ['xn--bcher-kva.example', 'https://b\u00fccher.example/', 'allow'],
    ['127.0.0.1', 'http://127.0.0.1/', 'allow'],
    ['127.0.0.1', 'http://0x7f.1/', 'allow'],
    ['127.0.0.1', 'http://2130706433/', 'allow'],
    ['[::1]', 'http://[::1]/', 'allow'],
    ['[::1]', 'http://[::ffff:127.0.0.1]/', 'ask'],
  ] as const)('allow %s, fetching %s: %s', async ([pattern, url, decision]) => {
    const rules = [allow({ tools: ['WebFetch'], domains: [pattern] })]
    expect(await decide({ tool: 'WebFetch', input: { url, prompt: '' }, rules })).toBe(decision)
  })

  test.for([
    ['WebFetch', { url: 'https://evil.test/' }, 'deny'],
    ['WebFetch', { url: 'https://evil.test:8443/' }, 'deny'],
    ['WebFetch', { url: 'ftp://evil.test/' }, 'deny'],
    ['WebFetch', { url: 'evil.test/x' }, 'deny'],
    ['WebFetch', { url: 'https://a.evil.test/' }, 'allow'],
    ['mcp__web__get', { options: [{ address: 'https://EVIL.test./x' }] }, 'deny'],
    ['mcp__web__get', { options: [{ address: 'https://evil.test.example/x' }] }, 'allow'],
    ['Write', { file_path: 'src/a.ts', content: 'see https://evil.test/' }, 'allow'],
  ] as const)('deny evil.test, %s with %o: %s', async ([tool, input, decision]) => {
    const rules = [deny({ domains: ['evil.test'] }), allow({ tools: ['WebFetch', 'Write', 'mcp__web__get'] })]
    expect(await decide({ tool, input, rules })).toBe(decision)
  })

  test('a command that names a denied site is denied', async () => {
    const rules = [deny({ domains: ['*.evil.test'] })]
    expect(await decide({ tool: 'Bash', input: { command: 'curl -s https://x.evil.test/a' }, rules })).toBe('deny')
    expect(await decide({ tool: 'Bash', input: { command: 'curl -s https://evil.test/a' }, rules })).toBe('ask')
  })
})
