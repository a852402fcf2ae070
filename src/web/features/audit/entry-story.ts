import type { AuditLogEntry } from '#protocol/audit'
import { RuleId, SessionId } from '#protocol/ids'
import * as z from 'zod/mini'
import { ruleInWords } from '../../lib/rule-in-words.ts'

/** The session in which it happened; null where it was in none. */
export function sessionOf({ subject, details }: AuditLogEntry): SessionId | null {
  const ids = [details.sessionId, subject].map((id) => SessionId.safeParse(id))
  return ids.find((id) => id.success)?.data ?? null
}

/** The rule that decided, or that it is about; null where there is none. */
export function ruleOf({ actor, subject, details }: AuditLogEntry): string | null {
  const ofDetails = z.object({ rule: z.object({ id: RuleId }) }).safeParse(details)
  const decided = actor.startsWith('rule: ') ? ruleInWords(actor).ruleId : null
  return decided ?? (ofDetails.success ? ofDetails.data.rule.id : null) ?? (subject?.startsWith('rul_') === true ? subject : null)
}

/** The tool call or request that it is part of, such as its decision. */
function requestOf({ action, subject, details }: AuditLogEntry): string | null {
  if (typeof details.toolCallId === 'string') return details.toolCallId
  return action.startsWith('approval.') ? subject : null
}

/**
 * What belongs to an entry, oldest first: for a tool call the prompt before it, request, decision and result; for
 * anything else in a session all until the next prompt; for what is in no session all that is about the same thing.
 * @param around entries about the same session or thing, in order
 */
export function storyOf(entry: AuditLogEntry, around: readonly AuditLogEntry[]): AuditLogEntry[] {
  if (sessionOf(entry) === null) return [...around]
  const start = around.findLastIndex(({ action, seq }) => action === 'session.prompted' && seq <= entry.seq)
  const next = around.findIndex(({ action, seq }) => action === 'session.prompted' && seq > entry.seq)
  const turn = around.slice(Math.max(start, 0), next === -1 ? undefined : next)
  const request = requestOf(entry)
  if (request === null) return turn
  return turn.filter((other) => other.action === 'session.prompted' || requestOf(other) === request)
}

/** Details that tell most in one line, the first that are there. */
const TELLING = [
  'toolName',
  'username',
  'name',
  'path',
  'title',
  'method',
  'route',
  'reason',
  'outcome',
  'status',
  'version',
  'role',
  'mode',
] as const

/** What the details say in a line of the table. */
export function factsOf({ details }: AuditLogEntry): string[] {
  return TELLING.flatMap((name) => {
    const value = details[name]
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
  })
}
