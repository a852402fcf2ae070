import { type RefObject, useEffect, useState } from 'react'

/** So long a card ignores input after it appeared or may have moved, so that no press meant for something else decides. */
const INERT_MS = 400

/**
 * False for a moment after the card appeared, and after it or what stands beside it changed its size: then its buttons
 * may be where something else was.
 */
export function useArmed(card: RefObject<HTMLElement | null>): boolean {
  const [isArmed, setIsArmed] = useState(false)
  useEffect(() => {
    const list = card.current?.parentElement
    if (!list) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const disarm = () => {
      setIsArmed(false)
      clearTimeout(timer)
      timer = setTimeout(() => setIsArmed(true), INERT_MS)
    }
    disarm()
    const observer = new ResizeObserver(disarm)
    observer.observe(list)
    if (card.current) observer.observe(card.current)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [card])
  return isArmed
}
