import { expect, test } from 'vitest'
import { describeModelFailure, describeRetry } from './failure-sentences.ts'

const failure = { kind: null, status: null, text: '', model: 'claude-x' }

test.for([
  ['auth', { text: 'Not logged in · Please run /login' }],
  ['auth', { status: 401, text: 'Invalid API key · Fix external API key' }],
  ['auth', { status: 403, text: 'Failed to authenticate. API Error: 403 forbidden' }],
  ['billing', { kind: 'billing_error', status: 400, text: 'Credit balance is too low' }],
  ['billing', { kind: 'unknown', status: 402, text: 'API Error: 402 billing' }],
  ['prompt_too_long', { status: 400, text: 'Prompt is too long · the request is ~250000 tokens' }],
  ['model_not_found', { kind: 'model_not_found', status: 404, text: 'There is an issue with the selected model' }],
  ['rate_limit', { status: 429 }],
  ['overloaded', { status: 529 }],
  ['network', { kind: 'connection_failed', text: 'API Error: Connection refused (ECONNREFUSED)' }],
  ['server', { status: 503 }],
  ['max_output_tokens', { kind: 'max_output_tokens' }],
  ['agent', { text: 'API Error: Something new' }],
] as const)('%s: the sentence says what to do', ([code, fields]) => {
  const described = describeModelFailure({ ...failure, ...fields })
  expect(described.code).toBe(code)
  expect(described.message).toMatch(/^[A-Z].*[.!]?$/)
  expect(described.message).not.toContain('API Error')
})

test('a failure that nobody explains still has a sentence', () => {
  expect(describeModelFailure(failure).message).toContain('did not explain')
})

test('a retry says why, when and how often', () => {
  const retry = { attempt: 2, max: 5, delayMs: 1900 }
  expect(describeRetry(529, retry)).toBe('The model is overloaded (529). Trying again in 2 s, attempt 2 of 5.')
  expect(describeRetry(null, retry)).toContain('could not be reached')
})
