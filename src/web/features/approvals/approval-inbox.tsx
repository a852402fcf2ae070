import { Link } from 'wouter'
import { useProjects, useProviders, useSession } from '../../lib/server-queries.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ApprovalCard } from './approval-card.tsx'
import styles from './approval-card.module.css'
import type { PendingApproval } from './pending-approvals.ts'
import { approvalText, inboxText } from './text-approvals.ts'
import { usePendingApprovals, usePendingStore } from './use-approvals.ts'

/** Every request that waits, over all sessions: to be decided without opening one. */
export function ApprovalInbox() {
  const { approvals, load, error } = usePendingApprovals()
  const store = usePendingStore()
  return (
    <div className={styles.inbox}>
      {load === 'failed' && (
        <Notice tone="negative" title={inboxText.failed} action={<Button onClick={() => void store.refresh()}>{inboxText.retry}</Button>}>
          {error ?? ''}
        </Notice>
      )}
      {load === 'loading' && approvals.length === 0 && <Skeleton label={inboxText.loading} />}
      {load === 'loaded' && approvals.length === 0 && <EmptyState title={inboxText.emptyTitle}>{inboxText.empty}</EmptyState>}
      {approvals.map((approval) => (
        <InboxCard key={approval.request.requestId} approval={approval} />
      ))}
    </div>
  )
}

function InboxCard({ approval }: { approval: PendingApproval }) {
  const { sessionId, projectId, provider } = approval.request
  const { data: providers = [] } = useProviders()
  const { data: projects = [] } = useProjects()
  const { data: session } = useSession(sessionId)
  const project = projects.find((candidate) => candidate.id === projectId)
  const agentName = providers.find((candidate) => candidate.id === provider)?.name ?? provider
  return (
    <ApprovalCard
      approval={approval}
      agentName={agentName}
      context={
        <>
          {project !== undefined && <span>{project.name} ›</span>}
          <Link href={`/sessions/${sessionId}`}>{session?.title ?? approvalText.openSession}</Link>
          <span aria-hidden>·</span>
        </>
      }
    />
  )
}
