import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { ServerMessage } from '#protocol/messages'
import { within } from './within.ts'

const DEFAULT_TIMEOUT_MS = 15_000

/** What {@link SocketClient.refused} fails with. */
export const WAS_OPENED = 'The socket was opened'

export type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

interface Waiter {
  take(message: ServerMessage): boolean
}

/** How an upgrade was refused. */
export interface Refusal {
  status: number
  body: unknown
}

export interface SocketOptions {
  /** As in `ticket=…` or `token=…`; nothing for none. */
  query?: string
  origin?: string
  /** `/ws` unless said. */
  path?: string
  host?: string
  headers?: Record<string, string>
}

/**
 * A client of `/ws`. Every message is checked against the protocol; each can be taken once, by type and predicate, whether
 * it came before or comes later.
 */
export class SocketClient {
  readonly #socket: WebSocket
  readonly #inbox: ServerMessage[] = []
  readonly #waiters = new Set<Waiter>()
  /** Everything that ever came, in order. */
  readonly received: ServerMessage[] = []
  /** Resolves when the socket is closed, by whomever. */
  readonly closed: Promise<{ code: number; reason: string }>

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      this.#receive(ServerMessage.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '')))
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') })
      })
    })
  }

  /** @throws Error when the upgrade is refused */
  static async connect(url: string, options: SocketOptions): Promise<SocketClient> {
    const socket = open(url, options)
    // Made before it opens, so that no message of the first moment is missed.
    const client = new SocketClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.on('error', () => {})
    return client
  }

  /** The refusal of an upgrade that must not succeed. */
  static refused(url: string, options: SocketOptions): Promise<Refusal> {
    const socket = open(url, options)
    socket.on('error', () => {})
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        socket.terminate()
        reject(new Error(WAS_OPENED))
      })
      socket.once('unexpected-response', (_request, response: IncomingMessage) => {
        readJson(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, body })
        }, reject)
      })
    })
  }

  /** Sends a message, or a text as it is. */
  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The next message of a type that fits, taken out of the inbox. */
  take<Type extends ServerMessage['type']>(
    type: Type,
    fits: (message: MessageOf<Type>) => boolean = () => true,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): Promise<MessageOf<Type>> {
    const isWanted = (message: ServerMessage): message is MessageOf<Type> => isOfType(message, type) && fits(message)
    const index = this.#inbox.findIndex(isWanted)
    const [known] = index < 0 ? [] : this.#inbox.splice(index, 1)
    if (known && isWanted(known)) return Promise.resolve(known)
    const { promise, resolve } = Promise.withResolvers<MessageOf<Type>>()
    const waiter: Waiter = {
      take: (message) => {
        if (!isWanted(message)) return false
        resolve(message)
        return true
      },
    }
    this.#waiters.add(waiter)
    return within(timeoutMs, `a "${type}" on the socket`, promise).finally(() => this.#waiters.delete(waiter))
  }

  /** Resolves once everything that the server sent before has arrived. */
  async roundTrip(): Promise<void> {
    this.send({ type: 'ping' })
    await this.take('pong')
  }

  /** Stops reading, so that the server's side fills up. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  async close(): Promise<void> {
    this.#socket.close()
    await this.closed
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  #receive(message: ServerMessage): void {
    this.received.push(message)
    for (const waiter of this.#waiters) {
      if (!waiter.take(message)) continue
      this.#waiters.delete(waiter)
      return
    }
    this.#inbox.push(message)
  }
}

function isOfType<Type extends ServerMessage['type']>(message: ServerMessage, type: Type): message is MessageOf<Type> {
  return message.type === type
}

function open(url: string, { query, origin, host, headers, path = '/ws' }: SocketOptions): WebSocket {
  const address = `${url.replace(/^http/, 'ws')}${path}${query === undefined ? '' : `?${query}`}`
  return new WebSocket(address, {
    ...(origin === undefined ? {} : { origin }),
    headers: { ...headers, ...(host === undefined ? {} : { host }) },
    handshakeTimeout: 10_000,
  })
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const parsed: unknown = JSON.parse(await text(response))
  return parsed
}
