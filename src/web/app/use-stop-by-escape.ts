import type { RefObject } from 'react'
import { useEffect } from 'react'

/**
 * Calls `stop` when Escape is pressed in the pane, or with nothing in focus. What is open closes first: a menu or a
 * dialog by itself, a card by taking the key.
 */
export function useStopByEscape(pane: RefObject<HTMLElement | null>, isRunning: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isRunning) return undefined
    function stopByKey(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || isAnythingOpen()) return
      const focused = document.activeElement
      if (focused === document.body || pane.current?.contains(focused) === true) stop()
    }
    window.addEventListener('keydown', stopByKey)
    return () => window.removeEventListener('keydown', stopByKey)
  }, [pane, isRunning, stop])
}

function isAnythingOpen(): boolean {
  return document.querySelector(':popover-open, dialog[open]') !== null
}
