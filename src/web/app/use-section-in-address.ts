import type { RefObject } from 'react'
import { useEffect, useRef } from 'react'
import { useLocationProperty } from 'wouter/use-browser-location'

/** What a reader does with the page: from then on it stays where they put it. */
const READER = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const

/**
 * Brings the section that the address names (`/account#devices`) into view, and the focus to its heading. Until the reader
 * moves it holds it there, while the lists above it arrive and grow.
 * @returns for the `ref` of the element whose sections they are
 */
export function useSectionInAddress(): RefObject<HTMLDivElement | null> {
  const column = useRef<HTMLDivElement>(null)
  const hash = useLocationProperty(() => location.hash)

  useEffect(() => {
    const sections = column.current
    const section = hash === '' ? null : document.getElementById(hash.slice(1))
    if (sections === null || section === null || !sections.contains(section)) return undefined
    section.querySelector('h2')?.focus({ preventScroll: true })
    const hold = new ResizeObserver(() => scrollTo(section))
    const letGo = () => hold.disconnect()
    hold.observe(sections)
    for (const event of READER) window.addEventListener(event, letGo, { once: true, passive: true })
    return () => {
      letGo()
      for (const event of READER) window.removeEventListener(event, letGo)
    }
  }, [hash])

  return column
}

/** Moves what scrolls around the section and nothing else; `scrollIntoView` would move the frame of the page too. */
function scrollTo(section: HTMLElement): void {
  let scroller = section.parentElement
  while (scroller !== null && getComputedStyle(scroller).overflowY !== 'auto') scroller = scroller.parentElement
  scroller?.scrollBy({ top: section.getBoundingClientRect().top - scroller.getBoundingClientRect().top, behavior: 'instant' })
}
