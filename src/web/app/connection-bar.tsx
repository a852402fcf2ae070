import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ConnectionState } from '../lib/connection.ts'
import { useConnection, useConnectionState } from '../lib/connection.ts'
import { formatTimeWithSeconds } from '../lib/format.ts'
import { connectionText } from '../lib/text.ts'
import styles from './connection-bar.module.css'

/** A short break is nobody's business. */
const LATE_AFTER_MS = 2_000

/** Says that the page is not connected once that lasts, and what that means for what a person does. */
export function ConnectionBar() {
  const state = useConnectionState()
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine)
  const lastUpdate = useLateSince(state === 'open')
  return (
    <div role="status" className={styles.region}>
      {lastUpdate !== null && <p className={styles.bar}>{sentence(state, isOnline, formatTimeWithSeconds(lastUpdate))}</p>}
    </div>
  )
}

function sentence(state: ConnectionState, isOnline: boolean, lastUpdate: string): string {
  if (!isOnline || state === 'closed') return connectionText.offline(lastUpdate)
  return state === 'connecting' ? connectionText.connecting : connectionText.reconnecting(lastUpdate)
}

/** When the server was last heard of, once the connection has been gone for a while; null until then. */
function useLateSince(isOpen: boolean): Date | null {
  const connection = useConnection()
  const heardAt = useRef(new Date())
  const [lateSince, setLateSince] = useState<Date | null>(null)

  useEffect(
    () =>
      connection.onMessage(() => {
        heardAt.current = new Date()
      }),
    [connection],
  )

  useEffect(() => {
    if (isOpen) return
    const timer = setTimeout(() => setLateSince(heardAt.current), LATE_AFTER_MS)
    return () => {
      clearTimeout(timer)
      setLateSince(null)
    }
  }, [isOpen])

  return lateSince
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}
