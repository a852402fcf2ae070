import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProjectId, ProviderId, RuleId, UserId } from '#protocol/ids'
import type { PolicyRule } from '#protocol/policy'
import { commandAsk } from '../../../../test/support/scripted-provider.ts'
import { factsOf } from '../call-facts.ts'
import { compileRules } from '../compiled-rules.ts'
import { evaluate } from '../evaluate.ts'
import { type CommandCase, readCommandCases } from './command-cases.ts'

const NOW = new Date('2030-01-01T00:00:00Z')
const CASES = readCommandCases()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-cases-'))
  for (const path of [
    'project/.git/hooks',
    'project/.claude',
    'project/src',
    'project/keys',
    'project/certs',
    'project-evil',
    'outside',
    'data',
  ])
    await mkdir(join(folder, path), { recursive: true })
  for (const path of ['README.md', 'a.txt', 'package.json', '.env', 'src/a.ts', 'keys/server.pem', 'certs/ca.crt', '../outside/secret.txt'])
    await writeFile(join(folder, 'project', path), 'text')
  for (const [from, to] of [
    ['out', '../outside'],
    ['leak', '../outside/secret.txt'],
    ['inner', 'src'],
    ['dangling', '../outside/nothing'],
    ['alias-env', '.env'],
  ] as const)
    await symlink(to, join(folder, 'project', from))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function asRule({ decision, shape }: CommandCase['rules'][number]): PolicyRule {
  const maker = { reason: '', expiresAt: null, author: 'ann', createdAt: NOW.toISOString() }
  return { id: RuleId.parse('rul_1'), decision, scope: { kind: 'global' }, match: { command: shape }, ...maker }
}

async function decide({ rules, command, trusted }: CommandCase): Promise<string> {
  const context = {
    userId: UserId.parse('usr_1'),
    projectId: ProjectId.parse('prj_1'),
    sessionId: null,
    provider: ProviderId.parse('claude'),
    mode: 'default' as const,
    cwd: join(folder, 'project'),
    trusted,
    dataDirectory: join(folder, 'data'),
  }
  const facts = await factsOf(commandAsk(command), context)
  const options = { preset: 'careful' as const, rules: compileRules(rules.map(asRule)), now: NOW, areUnchanged: async () => true }
  return (await evaluate(facts, options)).decision
}

test('there are at least 250 cases, and none is written twice', () => {
  const written = CASES.map(({ rules, trusted, command }) => JSON.stringify([rules, trusted, command]))

  expect(CASES.length).toBeGreaterThanOrEqual(250)
  expect(written.filter((each, index) => written.indexOf(each) !== index)).toEqual([])
  expect(CASES.every(({ command, why }) => command !== '' && why !== '')).toBe(true)
})

test('every command line is decided as written', async () => {
  const wrong = []
  for (const each of CASES) {
    const decision = await decide(each)
    if (decision !== each.decision) wrong.push(`${decision} instead of ${each.decision}: ${JSON.stringify(each)}`)
  }
  expect(wrong).toEqual([])
})
