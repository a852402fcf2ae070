import { messageOf } from '../../lib/api-error.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { DecidedRow } from './decided-row.tsx'
import type { HistoryFilters } from './history-filters.ts'
import { HistoryFilterBar } from './history-filter-bar.tsx'
import styles from './history.module.css'
import { historyText } from './text-history.ts'
import { useHistory } from './use-history.ts'

interface ApprovalHistoryProps {
  filters: HistoryFilters
  /** Name of whoever reads; null where nobody signs in. */
  reader: string | null
  onFilter: (filters: HistoryFilters) => void
}

/** Every decision that this person may read, with filters that stand in the address. */
export function ApprovalHistory({ filters, reader, onFilter }: ApprovalHistoryProps) {
  return (
    <div className={styles.history}>
      <HistoryFilterBar filters={filters} onChange={onFilter} />
      <Decisions filters={filters} reader={reader} />
    </div>
  )
}

function Decisions({ filters, reader }: Omit<ApprovalHistoryProps, 'onFilter'>) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useHistory(filters)
  if (isPending) return <Skeleton label={historyText.loading} rows={6} />
  if (data === undefined)
    return (
      <Notice tone="negative" title={historyText.failed} action={<Button onClick={() => void refetch()}>{historyText.retry}</Button>}>
        {messageOf(error)}
      </Notice>
    )
  if (data.length === 0 && !hasNextPage) return <EmptyState title={historyText.noneTitle}>{historyText.none}</EmptyState>
  return (
    <>
      <ul className={styles.rows} aria-label={historyText.list}>
        {data.map((decided) => (
          <DecidedRow key={decided.requestId} decided={decided} reader={reader} />
        ))}
      </ul>
      {data.length === 0 && <p className={styles.quiet}>{historyText.notYet}</p>}
      {hasNextPage ? (
        <PendingButton isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? historyText.loadingOlder : historyText.older}
        </PendingButton>
      ) : (
        <p className={styles.quiet}>{historyText.end}</p>
      )}
    </>
  )
}
