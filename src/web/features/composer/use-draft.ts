import { useCallback, useEffect, useRef, useState } from 'react'
import { readDraft, writeDraft } from '../../lib/drafts.ts'

/** So long after the last key the draft is kept. */
const KEEP_AFTER_MS = 300

/** The unsent text under `key`, kept on this device while it is written and when the page is left. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => readDraft(key))
  const unkept = useRef<string | null>(null)

  const keep = useCallback(() => {
    if (unkept.current !== null) writeDraft(key, unkept.current)
    unkept.current = null
  }, [key])

  useEffect(() => {
    const timer = setTimeout(keep, KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, keep])

  useEffect(() => {
    window.addEventListener('pagehide', keep)
    return () => {
      window.removeEventListener('pagehide', keep)
      keep()
    }
  }, [keep])

  const change = useCallback((next: string) => {
    unkept.current = next
    setText(next)
  }, [])

  return [text, change]
}
