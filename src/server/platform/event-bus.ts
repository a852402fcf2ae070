/**
 * Publish and subscribe between the parts of the server, and later between several servers: topics and messages are
 * plain strings so that Redis can carry them. Delivery is at most once and in order per topic; whoever must not miss
 * anything reads the session log and uses the bus only to learn that there is more.
 */
export interface EventBus {
  publish(topic: string, message: string): void
  /** Returns a function that ends the subscription. */
  subscribe(topic: string, listener: (message: string) => void): () => void
}

/** The bus of a single server: delivers synchronously. */
export class LocalEventBus implements EventBus {
  readonly #listeners = new Map<string, Set<(message: string) => void>>()

  publish(topic: string, message: string): void {
    const listeners = this.#listeners.get(topic)
    if (!listeners) return
    for (const listener of [...listeners]) listener(message)
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic)
    }
  }
}
