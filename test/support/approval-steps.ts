import type { ApprovalRequest } from '#protocol/approvals'
import type { MessageOf, SocketClient } from './socket-client.ts'
import { type StartedSession, startSession, startWorkplace, type Workplace } from './workplace.ts'

/** A session whose agent is in a turn, so that it may ask. */
export async function inTurn(options: Parameters<typeof startWorkplace>[0] = {}): Promise<Workplace & StartedSession> {
  const workplace = await startWorkplace(options)
  const session = await startSession(workplace)
  await session.agent.startTurn()
  return { ...workplace, ...session }
}

/** The next request on a socket. */
export function nextRequest(socket: SocketClient): Promise<MessageOf<'claude-permission-request'>> {
  return socket.take('claude-permission-request')
}

/** The answer to a request, as a socket sends it. */
export function answerTo({ requestId, inputHash }: Pick<ApprovalRequest, 'requestId' | 'inputHash'>, allow: boolean, more: object = {}) {
  return { type: 'claude-permission-response', requestId, allow, inputHash, ...more }
}
