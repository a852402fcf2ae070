import type { RefObject } from 'react'
import { useEffect } from 'react'

/** The first screen leaves the focus where the browser put it. */
let hasShownScreen = false

/** After a change of screen the focus goes to its heading, unless something in the screen has taken it already. */
export function useScreenFocus(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const main = heading.current?.closest('main')
    const isTaken = main?.contains(document.activeElement) === true
    if (hasShownScreen && !isTaken) heading.current?.focus({ preventScroll: true })
    hasShownScreen = true
  }, [heading])
}
