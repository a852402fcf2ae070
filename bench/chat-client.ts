import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { now } from './child.ts'
import type { Account, Product } from './product.ts'

/** As much of a server's message as the bench looks at. */
const Frame = z.looseObject({
  type: z.string(),
  clientId: z.optional(z.string()),
  sessionId: z.optional(z.string()),
  requestId: z.optional(z.string()),
  inputHash: z.optional(z.string()),
  error: z.optional(z.string()),
  event: z.optional(
    z.looseObject({ kind: z.string(), state: z.optional(z.string()), text: z.optional(z.string()), parentId: z.optional(z.string()) }),
  ),
})
export type Frame = z.infer<typeof Frame>

/** A message with the moment at which it came, taken before it was read. */
export interface Arrival {
  at: number
  frame: Frame
}

/** One browser's worth of `/ws`. */
export class ChatClient {
  readonly #socket: WebSocket
  #listener: (arrival: Arrival) => void = () => {}

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (bytes: Buffer) => {
      const at = now()
      this.#listener({ at, frame: Frame.parse(JSON.parse(bytes.toString('utf8'))) })
    })
  }

  static async connect(url: string, token: string): Promise<ChatClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${token}`, { perMessageDeflate: false })
    const client = new ChatClient(socket)
    await once(socket, 'open')
    return client
  }

  /** @returns the moment just before it was sent */
  send(message: object): number {
    const text = JSON.stringify(message)
    const at = now()
    this.#socket.send(text)
    return at
  }

  /** Shows every message to `look` until it returns something. @throws Error for an error message of the server */
  until<Found>(look: (arrival: Arrival) => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#listener = () => {}
        this.#socket.off('close', onClose)
        finish()
      }
      const onClose = () => settle(() => reject(new Error('The server closed the socket.')))
      this.#socket.once('close', onClose)
      this.#listener = (arrival) => {
        if (arrival.frame.type === 'error') return settle(() => reject(new Error(arrival.frame.error ?? 'The server refused a message.')))
        const found = look(arrival)
        if (found !== undefined) settle(() => resolve(found))
      }
    })
  }

  close(): void {
    this.#socket.terminate()
  }
}

/** A turn as the client saw it; moments in milliseconds since the epoch. */
export interface SeenTurn {
  sentAt: number
  firstTextAt: number
  lastTextAt: number
  /** How many messages carried text, and how many characters they carried together. */
  textFrames: number
  characters: number
}

export interface ChatSession {
  client: ChatClient
  sessionId: string
}

/** Starts a session with a prompt and follows it. @returns the session once its first turn has ended, and that turn */
export async function startSession(product: Product, account: Account, prompt: string): Promise<{ session: ChatSession; turn: SeenTurn }> {
  const client = await ChatClient.connect(product.url, account.token)
  const clientId = randomUUID()
  const sentAt = client.send({ type: 'session-start', clientId, provider: 'claude', projectId: account.projectId, prompt })
  const sessionId = await client.until(({ frame }) =>
    frame.type === 'session-started' && frame.clientId === clientId ? frame.sessionId : undefined,
  )
  client.send({ type: 'session-subscribe', sessionId })
  return { session: { client, sessionId }, turn: await watchTurn(client, sentAt) }
}

/** Sends a prompt in a session that is followed, and waits until the agent is idle again. */
export function prompt({ client, sessionId }: ChatSession, text: string): Promise<SeenTurn> {
  const sentAt = client.send({ type: 'session-prompt', clientId: randomUUID(), sessionId, prompt: text })
  return watchTurn(client, sentAt)
}

function watchTurn(client: ChatClient, sentAt: number): Promise<SeenTurn> {
  const turn: SeenTurn = { sentAt, firstTextAt: 0, lastTextAt: 0, textFrames: 0, characters: 0 }
  let hasEnded = false
  return client.until((arrival) => {
    const { event } = arrival.frame
    noteText(turn, arrival)
    hasEnded ||= event?.kind === 'turn.ended'
    return hasEnded && event?.kind === 'session.state' && event.state === 'idle' ? turn : undefined
  })
}

function noteText(turn: SeenTurn, { at, frame: { event } }: Arrival): void {
  if (event?.kind !== 'block.delta') return
  turn.firstTextAt ||= at
  turn.lastTextAt = at
  turn.textFrames += 1
  turn.characters += event.text?.length ?? 0
}

/** Waits until the agent's process of a session is gone. */
export function untilRetired({ client }: ChatSession): Promise<boolean> {
  return client.until(({ frame }) => (frame.event?.kind === 'session.exited' ? true : undefined))
}
