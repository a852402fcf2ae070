import { expect, test } from 'vitest'
import { ApiKeyId, LoginId, UserId } from '#protocol/ids'
import type { Scope } from '#protocol/permissions'
import type { Credential } from '../http/principal.ts'
import { checkModeAllowed } from './mode-permission.ts'

const KEY: Credential = { kind: 'api-key', keyId: ApiKeyId.parse('key_1') }
const LOGIN: Credential = { kind: 'login', loginId: LoginId.parse('log_1'), freshUntil: 0 }

function principal(credential: Credential, scopes: Scope[]) {
  const user = {
    id: UserId.parse('usr_1'),
    username: 'ada',
    role: 'member' as const,
    createdAt: '2026-11-01T12:00:00.000Z',
    lastLoginAt: null,
  }
  return { user, credential, scopes: new Set(scopes), device: 'curl' }
}

test('whoever may approve may choose any mode, others those that ask', () => {
  for (const mode of ['default', 'plan', 'acceptEdits'] as const) {
    expect(() => {
      checkModeAllowed(principal(KEY, ['chat', 'approve']), mode)
    }).not.toThrow()
  }
  for (const mode of ['default', 'plan'] as const) {
    expect(() => {
      checkModeAllowed(principal(KEY, ['chat']), mode)
    }).not.toThrow()
  }
})

test.for([
  [KEY, 'this API key does not have the scope "approve"'],
  [LOGIN, 'your role here (member) does not allow'],
] as const)('who may not approve is told why: %o', ([credential, sentence]) => {
  expect(() => {
    checkModeAllowed(principal(credential, ['read', 'chat', 'files', 'terminal', 'admin']), 'acceptEdits')
  }).toThrow(expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining(sentence) }))
})
