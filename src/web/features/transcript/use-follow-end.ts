import type { RefObject } from 'react'
import { useCallback, useLayoutEffect, useRef, useState } from 'react'

/** Nearer to the end than this counts as being there. */
const END_TOLERANCE_PX = 48

interface FollowEnd {
  /** The element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>
  /** False while the reader looks at something above the end. */
  isFollowing: boolean
  /** To be called when the reader scrolled. */
  noteScroll: () => void
  /** To be called when something changed its size. */
  noteResize: () => void
  /** To be called before the reader opens or closes something: it stays where it is, though the end moves away. */
  holdPlace: () => void
  /** Goes to the end, and stays there. */
  goToEnd: () => void
}

/**
 * Keeps a scrolled element at its end while the reader is there, and leaves it alone otherwise. Only a move upwards
 * counts as leaving: content that grows moves the end away, not the reader.
 */
export function useFollowEnd(): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null)
  const [isFollowing, setIsFollowing] = useState(true)
  const place = useRef({ isFollowing: true, top: 0 })

  const follow = useCallback((isFollowingNow: boolean) => {
    place.current.isFollowing = isFollowingNow
    setIsFollowing(isFollowingNow)
  }, [])

  const noteResize = useCallback(() => {
    const element = scroller.current
    if (element !== null && place.current.isFollowing) element.scrollTo({ top: element.scrollHeight })
  }, [])

  const noteScroll = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const movedUp = element.scrollTop < place.current.top - 1
    place.current.top = element.scrollTop
    if (isAtEnd(element)) follow(true)
    else if (movedUp) follow(false)
  }, [follow])

  const holdPlace = useCallback(() => {
    place.current.isFollowing = false
    // Two frames on, all is measured: at the end it is followed again.
    requestAnimationFrame(() => requestAnimationFrame(() => follow(isAtEnd(scroller.current))))
  }, [follow])

  const goToEnd = useCallback(() => {
    follow(true)
    noteResize()
  }, [follow, noteResize])

  // The first frame shows the end, before anything was measured.
  useLayoutEffect(noteResize, [noteResize])

  return { scroller, isFollowing, noteScroll, noteResize, holdPlace, goToEnd }
}

function isAtEnd(element: HTMLElement | null): boolean {
  return element !== null && element.scrollHeight - element.clientHeight - element.scrollTop < END_TOLERANCE_PX
}
