import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { ReplacePolicy } from '#protocol/policy'

const RULE = { decision: 'allow', scope: { kind: 'global' }, match: { command: 'npm test' } }
const FULL = {
  id: 'rul_1',
  decision: 'deny',
  scope: { kind: 'project', projectId: 'prj_1', userId: 'usr_1' },
  match: {
    tools: ['Bash', 'mcp__a__*'],
    command: 'git push **',
    paths: ['src/**'],
    domains: ['*.example.org'],
    provider: 'claude',
    modes: ['default', 'plan'],
    exact: { callHash: 'a'.repeat(64), files: [{ path: '/x', sha256: null }] },
  },
  reason: 'not here',
  expiresAt: '2030-01-01T00:00:00.000Z',
  author: 'ann',
  createdAt: '2029-01-01T00:00:00.000Z',
}
const document = (rules: unknown, rest: object = {}) => ({ version: 3, preset: 'careful', rules, ...rest })

test.for([
  ['no rules', document([]), true],
  ['a short rule', document([RULE]), true],
  ['a rule with everything', document([FULL], { presets: ['careful'] }), true],
  [
    'every scope',
    document([
      { ...RULE, scope: { kind: 'user', userId: 'u' } },
      { ...RULE, scope: { kind: 'session', sessionId: 's' } },
    ]),
    true,
  ],
  ['another preset', document([], { preset: 'yolo' }), false],
  ['no version', { preset: 'careful', rules: [] }, false],
  ['an unknown field', document([], { more: 1 }), false],
  ['another decision', document([{ ...RULE, decision: 'maybe' }]), false],
  ['no scope', document([{ decision: 'ask', match: {} }]), false],
  ['a scope without its project', document([{ ...RULE, scope: { kind: 'project' } }]), false],
  ['an unknown condition', document([{ ...RULE, match: { commands: 'x' } }]), false],
  ['an empty pattern', document([{ ...RULE, match: { paths: [''] } }]), false],
  ['a date without a zone', document([{ ...RULE, expiresAt: '2030-01-01' }]), false],
  ['a hash that is none', document([{ ...RULE, match: { exact: { callHash: 'x', files: [] } } }]), false],
  ['a reason that is too long', document([{ ...RULE, reason: 'x'.repeat(501) }]), false],
] as const)('the published schema and the server agree about %s', async ([, body, isValid]) => {
  const schema: unknown = JSON.parse(await readFile(new URL('../../../docs/policy.schema.json', import.meta.url), 'utf8'))
  const server = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } })
  server.post('/', { schema: { body: schema } }, () => 'valid')

  const { statusCode } = await server.inject({ method: 'POST', url: '/', payload: structuredClone(body) })

  expect(statusCode).toBe(isValid ? 200 : 400)
  expect(ReplacePolicy.safeParse(body).success).toBe(isValid)
})
