import { createContext, useContext, useSyncExternalStore } from 'react'
import type { SessionId } from '#protocol/ids'
import type { ServerMessage } from '#protocol/messages'
import type { SequencedEvent } from '#protocol/session-events'
import type { SessionView } from '#protocol/session-reducer'
import { applyEvent, initialSessionView } from '#protocol/session-reducer'
import type { Connection } from './connection.ts'

/** `loading` until the log was read to its end once; `failed` where the server refuses the session. */
export type SessionLoad = { status: 'loading' } | { status: 'live' } | { status: 'failed'; message: string; isGone: boolean }

const LOADING: SessionLoad = { status: 'loading' }
const LIVE: SessionLoad = { status: 'live' }
/** A page that is not seen needs no frames, but its title and its state move on. */
const HIDDEN_BATCH_MS = 50
const LATE_FRAME_MS = 250
/** A session that nobody shows any more is followed this long, so that going back shows it at once. */
const LINGER_MS = 60_000

/** One session as its events tell it, followed while someone looks. Notifies at most once per frame. */
export class SessionStore {
  readonly #sessionId: SessionId
  readonly #connection: Connection
  readonly #onAbandoned: () => void
  readonly #listeners = new Set<() => void>()
  #view: SessionView = initialSessionView()
  #load: SessionLoad = LOADING
  #waiting: SequencedEvent[] = []
  #receivedSeq = 0
  #batchTimer: ReturnType<typeof setTimeout> | null = null
  #batchFrame = 0
  /** True from a gap until it is closed, so that what is still on its way does not ask again each time. */
  #isRefetching = false
  #stop: (() => void) | null = null
  #lingerTimer: ReturnType<typeof setTimeout> | undefined

  constructor(sessionId: SessionId, connection: Connection, onAbandoned: () => void) {
    this.#sessionId = sessionId
    this.#connection = connection
    this.#onAbandoned = onAbandoned
  }

  get view(): SessionView {
    return this.#view
  }

  get load(): SessionLoad {
    return this.#load
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    clearTimeout(this.#lingerTimer)
    this.#stop ??= this.#follow()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#lingerTimer = setTimeout(() => this.#abandon(), LINGER_MS)
    }
  }

  #follow(): () => void {
    const stopListening = this.#connection.onMessage((message) => this.#receive(message))
    const stopFollowing = this.#connection.follow(this.#sessionId, () => this.#receivedSeq)
    return () => {
      stopListening()
      stopFollowing()
    }
  }

  #abandon(): void {
    this.#stop?.()
    this.#stop = null
    this.#onAbandoned()
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'session-event') {
      if (message.sessionId === this.#sessionId) this.#receiveEvent(message)
    } else if (message.type === 'session-subscribed') {
      if (message.sessionId === this.#sessionId) this.#finishLoading(LIVE)
    } else if (message.type === 'error' && this.#isAboutFollowing(message)) {
      this.#finishLoading({ status: 'failed', message: message.error, isGone: message.code === 'NOT_FOUND' })
    }
  }

  #isAboutFollowing(error: Extract<ServerMessage, { type: 'error' }>): boolean {
    return error.sessionId === this.#sessionId && error.clientId === undefined && this.#load.status === 'loading'
  }

  #receiveEvent(event: SequencedEvent): void {
    if (event.seq <= this.#receivedSeq) return
    if (event.seq > this.#receivedSeq + 1) {
      this.#refetch()
      return
    }
    this.#isRefetching = false
    this.#receivedSeq = event.seq
    this.#waiting.push(event)
    this.#scheduleBatch()
  }

  /** Something between was missed: asks again from the last event that is known. */
  #refetch(): void {
    if (this.#isRefetching) return
    this.#isRefetching = true
    this.#stop?.()
    this.#stop = this.#follow()
  }

  #finishLoading(load: SessionLoad): void {
    this.#isRefetching = false
    this.#load = load
    this.#scheduleBatch()
  }

  #scheduleBatch(): void {
    if (this.#batchTimer !== null) return
    const isHidden = document.visibilityState === 'hidden'
    // No frame comes once the page is hidden: the timer is what then remains.
    this.#batchTimer = setTimeout(() => this.#applyBatch(), isHidden ? HIDDEN_BATCH_MS : LATE_FRAME_MS)
    this.#batchFrame = requestAnimationFrame(() => this.#applyBatch())
  }

  #applyBatch(): void {
    if (this.#batchTimer !== null) clearTimeout(this.#batchTimer)
    this.#batchTimer = null
    cancelAnimationFrame(this.#batchFrame)
    const batch = this.#waiting
    this.#waiting = []
    this.#view = batch.reduce(applyEvent, this.#view)
    for (const notify of this.#listeners) notify()
  }
}

/** The page's session stores, one for each session that is or was just shown. */
export class SessionStores {
  readonly #connection: Connection
  readonly #stores = new Map<SessionId, SessionStore>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(sessionId: SessionId): SessionStore {
    const known = this.#stores.get(sessionId)
    if (known !== undefined) return known
    const store = new SessionStore(sessionId, this.#connection, () => this.#stores.delete(sessionId))
    this.#stores.set(sessionId, store)
    return store
  }
}

export const SessionStoresContext = createContext<SessionStores | null>(null)

/**
 * A part of the session's view, kept up to date while mounted. The selector must return the same value for the same
 * view: a part of it or a primitive, nothing newly made.
 */
export function useSessionView<Selected>(sessionId: SessionId, selector: (view: SessionView) => Selected): Selected {
  const store = useSessionStore(sessionId)
  return useSyncExternalStore(store.subscribe, () => selector(store.view))
}

/** Whether the session's log was read to its end, or why it cannot be. */
export function useSessionLoad(sessionId: SessionId): SessionLoad {
  const store = useSessionStore(sessionId)
  return useSyncExternalStore(store.subscribe, () => store.load)
}

function useSessionStore(sessionId: SessionId): SessionStore {
  const stores = useContext(SessionStoresContext)
  if (stores === null) throw new Error('useSessionView needs a SessionStoresContext above it')
  return stores.get(sessionId)
}
