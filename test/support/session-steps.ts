import { randomUUID } from 'node:crypto'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import { Session } from '#protocol/sessions'
import type { Device } from './api-client.ts'
import type { SocketClient } from './socket-client.ts'
import { eventually } from './within.ts'

export const newClientId = (): string => randomUUID()

export function startMessage(projectId: string, prompt = 'Hello') {
  return { type: 'session-start', clientId: newClientId(), provider: 'claude', projectId, prompt }
}

export function promptMessage(sessionId: string, prompt: string) {
  return { type: 'session-prompt', clientId: newClientId(), sessionId, prompt }
}

/** The session as the API tells it. */
export async function sessionOf(device: Device, sessionId: string): Promise<Session> {
  return Session.parse((await device.request('GET', `/sessions/${sessionId}`)).body)
}

/** Waits until the session, as the API tells it, is in a state. */
export function inState(device: Device, sessionId: string, state: Session['state']): Promise<Session> {
  return eventually(`the state ${state}`, async () => {
    const session = await sessionOf(device, sessionId)
    return session.state === state ? session : null
  })
}

/** The next event of a kind that fits, on a socket that follows the session. */
export async function eventOf<Kind extends SessionEvent['kind']>(
  socket: SocketClient,
  kind: Kind,
  fits: (event: EventOf<Kind>) => boolean = () => true,
): Promise<EventOf<Kind>> {
  const isWanted = (event: SessionEvent): event is EventOf<Kind> => event.kind === kind
  const { event } = await socket.take('session-event', (message) => isWanted(message.event) && fits(message.event))
  if (!isWanted(event)) throw new Error('The socket gave another event than was asked for')
  return event
}
