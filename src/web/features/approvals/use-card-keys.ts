import { type RefObject, useEffect, useRef } from 'react'
import { isAnythingOpen } from './is-anything-open.ts'

/** So long no key was pressed before one decides while nothing has the focus: whoever is typing decides nothing. */
const QUIET_MS = 700

/**
 * One letter for each button of a card, while the card has the focus, or nothing has and this is the only card that
 * waits. Never in a field, with another key held, or while a menu or dialog is open.
 * @param keys what each lower-case letter does
 */
export function useCardKeys(card: RefObject<HTMLElement | null>, keys: Readonly<Partial<Record<string, () => void>>>): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    let lastKeyAt = -QUIET_MS
    function press(event: KeyboardEvent) {
      const isQuiet = event.timeStamp - lastKeyAt >= QUIET_MS
      lastKeyAt = event.timeStamp
      if (isForElse(event) || !isAddressed(card.current, isQuiet)) return
      const act = current.current[event.key.toLowerCase()]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [card])
}

function isForElse(event: KeyboardEvent): boolean {
  const isHeld = event.metaKey || event.ctrlKey || event.altKey || event.shiftKey || event.repeat || event.isComposing
  return isHeld || event.defaultPrevented || isTyped(event.target) || isAnythingOpen()
}

function isTyped(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

function isAddressed(card: HTMLElement | null, isQuiet: boolean): boolean {
  if (card === null) return false
  const focused = document.activeElement
  if (focused !== null && focused !== document.body) return card.contains(focused)
  return isQuiet && document.querySelectorAll('[data-approval-card]').length === 1
}
