import type { ClientId } from '#protocol/ids'
import type { SessionPrompt, SessionStart } from '#protocol/messages'

type Outgoing = SessionStart | SessionPrompt

interface OutboxEntry<Message extends Outgoing, Result> {
  message: Message
  text: string
  resolve: (result: Result) => void
  reject: (error: Error) => void
}

/**
 * Messages that wait for the server's acknowledgement. They are sent again after every reconnect under the same
 * `clientId`, which the server does only once, so that neither a cut nor an early send loses or doubles one.
 */
export class Outbox<Message extends Outgoing, Result> {
  readonly #entries = new Map<ClientId, OutboxEntry<Message, Result>>()

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  /** Keeps a message until it is settled. `text` is what goes over the wire. */
  add(message: Message, text: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#entries.set(message.clientId, { message, text, resolve, reject })
    })
  }

  get(clientId: ClientId): Message | undefined {
    return this.#entries.get(clientId)?.message
  }

  /** What is to be sent once connected, oldest first. */
  texts(): string[] {
    return [...this.#entries.values()].map((entry) => entry.text)
  }

  acknowledge(clientId: ClientId, result: Result): void {
    this.#take(clientId)?.resolve(result)
  }

  /** True when the message was one of ours. */
  reject(clientId: ClientId, error: Error): boolean {
    const entry = this.#take(clientId)
    entry?.reject(error)
    return entry !== undefined
  }

  #take(clientId: ClientId): OutboxEntry<Message, Result> | undefined {
    const entry = this.#entries.get(clientId)
    this.#entries.delete(clientId)
    return entry
  }
}
