import type { SessionId } from '#protocol/ids'
import type { EventBus } from '../platform/event-bus.ts'
import { sessionTopic } from '../platform/topics.ts'
import { decodeBatch } from './session-log.ts'

/** New events of a session, each a frame encoded once for all who follow. */
export interface LiveBatch {
  firstSeq: number
  lastSeq: number
  frames: Buffer[]
}

/** Hands each session's new events to those on this server who follow it, however many they are. */
export class SessionHub {
  readonly #bus: EventBus
  readonly #followers = new Map<SessionId, { listeners: Set<(batch: LiveBatch) => void>; leave: () => void }>()

  constructor(bus: EventBus) {
    this.#bus = bus
  }

  /** Returns a function that ends it. */
  follow(sessionId: SessionId, listener: (batch: LiveBatch) => void): () => void {
    const group = this.#followers.get(sessionId) ?? this.#join(sessionId)
    group.listeners.add(listener)
    return () => {
      group.listeners.delete(listener)
      if (group.listeners.size > 0 || this.#followers.get(sessionId) !== group) return
      group.leave()
      this.#followers.delete(sessionId)
    }
  }

  #join(sessionId: SessionId) {
    const listeners = new Set<(batch: LiveBatch) => void>()
    const leave = this.#bus.subscribe(sessionTopic(sessionId), (message) => {
      const { firstSeq, lastSeq, frames } = decodeBatch(message)
      const batch = { firstSeq, lastSeq, frames: frames.map((frame) => Buffer.from(frame)) }
      for (const listener of [...listeners]) listener(batch)
    })
    const group = { listeners, leave }
    this.#followers.set(sessionId, group)
    return group
  }
}
