import { expect, test } from 'vitest'
import type { AuditLogEntry } from '#protocol/audit'
import { factsOf, ruleOf, storyOf } from './entry-story.ts'

function entry(seq: number, action: string, subject: string | null, details: Record<string, unknown> = {}): AuditLogEntry {
  const hash = '0'.repeat(64)
  return {
    seq,
    id: `aud_${seq}`,
    at: '2026-11-01T12:00:00.000Z',
    actor: 'ada',
    action,
    subject,
    address: null,
    device: null,
    details,
    prev: hash,
    hash,
  }
}

const session = { sessionId: 'ses_1' }
const call = { ...session, toolCallId: 'call' }
const log = [
  entry(1, 'session.started', 'ses_1'),
  entry(2, 'session.prompted', 'ses_1'),
  entry(3, 'approval.requested', 'r1', call),
  entry(4, 'approval.requested', 'r2', session),
  entry(5, 'approval.denied', 'r2', session),
  entry(6, 'approval.allowed', 'r1', call),
  entry(7, 'tool.ended', 'call', call),
  entry(8, 'session.prompted', 'ses_1'),
  entry(9, 'approval.requested', 'r3', session),
]

const told = (seq: number) => storyOf(log[seq - 1] ?? entry(seq, '', null), log).map((part) => part.seq)

test.for([
  ['a request', 3],
  ['its decision', 6],
  ['its result', 7],
] as const)('the story of %s is prompt, request, decision and result', ([, seq]) => {
  expect(told(seq)).toEqual([2, 3, 6, 7])
})

test('the story of a prompt is its turn, and of what came before the first all before it', () => {
  expect(told(2)).toEqual([2, 3, 4, 5, 6, 7])
  expect(told(8)).toEqual([8, 9])
  expect(told(1)).toEqual([1])
})

test('outside a session it is all about the same thing', () => {
  const about = [entry(1, 'user.invited', 'inv_1'), entry(4, 'user.invitation_revoked', 'inv_1')]
  expect(storyOf(entry(4, 'user.invitation_revoked', 'inv_1'), about)).toEqual(about)
})

test('facts are what is text or a number and tells something', () => {
  expect(factsOf(entry(1, 'x.y', null, { toolName: 'Bash', version: 3, reason: { nested: true }, other: 'no' }))).toEqual(['Bash', '3'])
})

test('the rule of an entry is the one that decided, or the one that it is about', () => {
  const decided = { ...entry(1, 'approval.denied', 'r1', call), actor: 'rule: A global rule of ada denies it. (rul_1)' }
  expect(ruleOf(decided)).toBe('rul_1')
  expect(ruleOf({ ...decided, actor: 'rule: Only reads inside the project' })).toBeNull()
  // A person may call themselves what they like.
  expect(ruleOf({ ...decided, actor: 'ada (rul_1)' })).toBeNull()
  expect(ruleOf(entry(2, 'policy.rule_removed', 'rul_2', { rule: { id: 'rul_2' } }))).toBe('rul_2')
  expect(ruleOf(entry(3, 'policy.changed', 'policy', { added: [{ id: 'rul_3' }] }))).toBeNull()
})
