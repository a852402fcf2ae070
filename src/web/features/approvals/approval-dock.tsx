import { lazy, Suspense, useEffect, useRef } from 'react'
import type { SessionId } from '#protocol/ids'
import styles from './approval-dock.module.css'
import { dockText } from './text-dock.ts'
import { useSessionApprovals } from './use-approvals.ts'
import { useFocusReturn } from './use-focus-return.ts'

const loadCards = () => import('./dock-cards.tsx')
const DockCards = lazy(async () => {
  const cards = await loadCards().catch(() => null)
  return { default: cards?.DockCards ?? CardsFailed }
})
/** The conversation first; the cards soon after it, before one is needed. */
const PRELOAD_AFTER_MS = 1000

interface ApprovalDockProps {
  sessionId: SessionId
  agentName: string
  /** The card that had the keyboard's focus is gone and no other waits. */
  onFocusLost: () => void
}

/** The session's requests above the composer: the oldest that waits, and what was just decided elsewhere. */
export function ApprovalDock({ sessionId, agentName, onFocusLost }: ApprovalDockProps) {
  const approvals = useSessionApprovals(sessionId)
  const first = approvals.find(({ resolution }) => resolution === null)
  const dock = useRef<HTMLDivElement>(null)
  useFocusReturn(dock, first?.request.requestId, onFocusLost)

  useEffect(() => {
    const timer = setTimeout(() => void loadCards().catch(() => null), PRELOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    function focusCard(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'a' || !event.shiftKey || !(event.metaKey || event.ctrlKey)) return
      const card = dock.current?.querySelector<HTMLElement>('[data-approval-card]')
      if (card === null || card === undefined) return
      event.preventDefault()
      card.focus()
    }
    window.addEventListener('keydown', focusCard)
    return () => window.removeEventListener('keydown', focusCard)
  }, [])

  if (approvals.length === 0) return null
  return (
    <div ref={dock} className={styles.dock} data-approval-dock={first === undefined ? 'decided' : 'waiting'}>
      <Suspense fallback={<p className={styles.loading}>{dockText.loading}</p>}>
        <DockCards approvals={approvals} agentName={agentName} />
      </Suspense>
    </div>
  )
}

function CardsFailed() {
  return (
    <p role="alert" className={styles.loading}>
      {dockText.failed}
    </p>
  )
}
