import { createHash, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type ClientId, MessageId, type SessionId } from '#protocol/ids'
import type { Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Tables } from '../platform/schema.ts'
import { SessionRepository } from './session-repository.ts'

interface NotedPrompt {
  at: Date
  sessionId: SessionId
  request: { clientId: ClientId; prompt: string }
}

/**
 * Notes a prompt, and records once that it came: its length and SHA-256, since its text is the transcript's. To be called
 * in a transaction.
 */
export async function notePrompt(
  transaction: Kysely<Tables>,
  { at, sessionId, request }: NotedPrompt,
  principal: Principal,
): Promise<void> {
  const isNew = await new SessionRepository(transaction).notePrompt(sessionId, request.clientId, MessageId.parse(randomUUID()))
  if (!isNew) return
  const { user, device } = principal
  const details = { sessionId, characters: request.prompt.length, sha256: createHash('sha256').update(request.prompt).digest('hex') }
  await recordAudit(transaction, { at, actor: user.username, device, action: 'session.prompted', subject: sessionId, details })
}
