import { expect, test } from 'vitest'
import { Policy, RuleDraft } from '#protocol/policy'
import { ApiError } from '../../lib/api-error.ts'
import { draftOf, withRule } from './policy-draft.ts'
import { saveFaults } from './save-faults.ts'

const draft = withRule(
  draftOf(Policy.parse({ version: 1, preset: 'careful', presets: ['careful'], rules: [] })),
  RuleDraft.parse({ decision: 'allow', scope: { kind: 'global' }, match: { command: 'npm run **' } }),
)

test('a refused rule is named as the list names it', () => {
  const fields = [{ field: 'rules.0.match.command', problem: '"npm" runs other programs, so only one exact call can be allowed' }]
  const error = new ApiError({ code: 'BAD_REQUEST', message: 'The policy was not saved.', details: { fields } })
  expect(saveFaults(error, draft)).toEqual([
    'The rule “Commands: npm run **”: match.command "npm" runs other programs, so only one exact call can be allowed.',
  ])
})

test('other failures are told as they are', () => {
  expect(saveFaults(new ApiError({ code: 'NETWORK', message: 'No answer.' }), draft)).toBeNull()
  expect(saveFaults(new ApiError({ code: 'BAD_REQUEST', message: 'The body is too large.' }), draft)).toBeNull()
})
