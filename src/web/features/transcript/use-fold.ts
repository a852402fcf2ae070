import { useSyncExternalStore } from 'react'

/* What the reader opened or closed, for as long as the page lives: rows come and go while one scrolls. */

const choices = new Map<string, boolean>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function choose(key: string, isOpen: boolean): void {
  choices.set(key, isOpen)
  for (const notify of listeners) notify()
}

/** Whether the fold under `key` is open, as the reader chose or else as `isOpenByDefault` says, and how to turn it. */
export function useFold(key: string, isOpenByDefault: boolean): [boolean, () => void] {
  const choice = useSyncExternalStore(subscribe, () => choices.get(key))
  const isOpen = choice ?? isOpenByDefault
  return [isOpen, () => choose(key, !isOpen)]
}
