import type { SessionEvent } from '#protocol/session-events'
import { type Conversation, newTurn } from './conversation.ts'

/**
 * The agent works on its main conversation. Where no prompt of ours started a turn, it began one itself, such as
 * after a background task reported back.
 */
export function beginWork(conversation: Conversation): SessionEvent[] {
  if (conversation.turn) {
    conversation.turn.isUnderWay = true
    return []
  }
  const turn = newTurn(conversation, false)
  turn.isUnderWay = true
  return [{ v: 1, turnId: turn.id, kind: 'turn.started', origin: 'background' }]
}
