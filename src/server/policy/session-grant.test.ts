import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandAsk, writeAsk } from '../../../test/support/scripted-provider.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { grantCovers, offerGrants, type SessionGrant } from './session-grant.ts'

const CWD = '/srv/shop'

function toolAsk(toolName: string, toolInput: Record<string, unknown> = {}): ApprovalAsk {
  return { approvalKind: 'tool', toolName, toolInput, title: toolName, writes: [] }
}

const narrowest = (ask: ApprovalAsk): SessionGrant | undefined => offerGrants(ask, CWD, 'medium')[0]?.grant

test('a command is offered word for word, and the narrowest grant comes first', () => {
  expect(offerGrants(commandAsk('npm test'), CWD, 'medium')).toEqual([
    {
      suggestion: expect.objectContaining({ id: 'narrowest', rule: 'Bash: npm test' }),
      grant: { kind: 'command', toolName: 'Bash', command: 'npm test' },
    },
  ])
  expect(offerGrants(writeAsk('/srv/shop/a.txt'), CWD, 'low').map(({ suggestion }) => suggestion.rule)).toEqual([
    'Edit: /srv/shop/a.txt',
    'Edit: every file under /srv/shop',
  ])
})

test('nothing is offered for a dangerous call and for a question', () => {
  expect(offerGrants(commandAsk('rm -rf /'), CWD, 'high')).toEqual([])
  expect(offerGrants(writeAsk('/etc/passwd'), CWD, 'high')).toEqual([])
  expect(offerGrants({ ...toolAsk('AskUserQuestion'), approvalKind: 'question' }, CWD, 'low')).toEqual([])
})

test('a plan may be approved together with edits', () => {
  const offered = offerGrants({ ...toolAsk('ExitPlanMode'), approvalKind: 'plan' }, CWD, 'low')

  expect(offered.map(({ grant }) => grant)).toEqual([{ kind: 'mode', mode: 'acceptEdits' }])
})

test('only the very same command is covered', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (granted, asked) => {
      const grant = narrowest(commandAsk(granted))
      expect(grant && grantCovers(grant, commandAsk(asked), CWD)).toBe(granted === asked)
    }),
  )
  const grant = narrowest(commandAsk('npm test'))
  for (const other of ['npm test ', 'npm  test', 'NPM test', 'npm test; rm x', 'npm test\n', 'npm tes', '']) {
    expect(grant && grantCovers(grant, commandAsk(other), CWD)).toBe(false)
  }
})

test('a command is not covered by one of another tool, however the two are spelled', () => {
  const grant: SessionGrant = { kind: 'command', toolName: 'Bash', command: 'a: b' }

  expect(grantCovers(grant, { ...commandAsk('b'), toolName: 'Bash: a' }, CWD)).toBe(false)
  expect(grantCovers(grant, { ...commandAsk('a: b'), toolName: 'Shell' }, CWD)).toBe(false)
})

test('what changes how a command runs is never granted nor covered', () => {
  const grant = narrowest(commandAsk('npm test'))
  const inBackground = { ...commandAsk('npm test'), toolInput: { command: 'npm test', run_in_background: true } }
  const described = { ...commandAsk('npm test'), toolInput: { command: 'npm test', description: 'Run the tests', timeout: 1000 } }

  expect(offerGrants(inBackground, CWD, 'medium')).toEqual([])
  expect(grant && grantCovers(grant, inBackground, CWD)).toBe(false)
  expect(grant && grantCovers(grant, described, CWD)).toBe(true)
})

test('a file is covered by its own path alone', () => {
  const grant = narrowest(writeAsk('/srv/shop/a.txt'))

  expect(grant && grantCovers(grant, writeAsk('a.txt'), CWD)).toBe(true)
  expect(grant && grantCovers(grant, writeAsk('/srv/shop/a.txt.bak'), CWD)).toBe(false)
  expect(grant && grantCovers(grant, { ...writeAsk('/srv/shop/a.txt'), writes: ['/srv/shop/a.txt', '/srv/shop/b.txt'] }, CWD)).toBe(false)
})

test('a site is covered by its whole origin', () => {
  const grant = narrowest(toolAsk('WebFetch', { url: 'https://docs.test/page?x=1' }))

  expect(grant).toEqual({ kind: 'site', toolName: 'WebFetch', origin: 'https://docs.test' })
  expect(grant && grantCovers(grant, toolAsk('WebFetch', { url: 'https://docs.test/other' }), CWD)).toBe(true)
  for (const url of ['http://docs.test/', 'https://docs.test.evil/', 'https://docs.test:8443/', 'https://docs.test@evil/', 'no address']) {
    expect(grant && grantCovers(grant, toolAsk('WebFetch', { url }), CWD)).toBe(false)
  }
  expect(offerGrants(toolAsk('WebFetch', { url: 'file:///etc/passwd' }), CWD, 'medium')).toEqual([])
})

test('a whole tool is offered for those of a server that was added, and for no built-in one', () => {
  expect(narrowest(toolAsk('mcp__tickets__list'))).toEqual({ kind: 'tool', toolName: 'mcp__tickets__list' })
  expect(narrowest(toolAsk('Skill'))).toBeUndefined()
})

test('a mode covers no call by itself', () => {
  expect(grantCovers({ kind: 'mode', mode: 'acceptEdits' }, writeAsk('/srv/shop/a.txt'), CWD)).toBe(false)
})
