import { type RefObject, useEffect, useRef } from 'react'

/**
 * Keeps the keyboard's place when a card that had it goes away: the next card takes it, else `giveBack` is called.
 * Not on touch screens, where a focused field would bring up the keyboard.
 * @param waitingId the card that waits, if any
 */
export function useFocusReturn(dock: RefObject<HTMLElement | null>, waitingId: string | undefined, giveBack: () => void): void {
  const hadFocus = useRef(false)

  useEffect(() => {
    function note(event: FocusEvent) {
      hadFocus.current = event.target instanceof Node && dock.current?.contains(event.target) === true
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [dock])

  useEffect(() => {
    const isLost = hadFocus.current && document.activeElement === document.body
    if (!isLost || window.matchMedia('(pointer: coarse)').matches) return
    hadFocus.current = false
    const next = waitingId === undefined ? null : dock.current?.querySelector<HTMLElement>('[data-approval-card]')
    if (next) next.focus()
    else giveBack()
  }, [dock, waitingId, giveBack])
}
