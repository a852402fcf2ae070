import { useState } from 'react'
import type { AuditLogEntry } from '#protocol/audit'
import { messageOf } from '../../lib/api-error.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './audit.module.css'
import type { AuditFilters } from './audit-filters.ts'
import { NO_FILTERS } from './audit-filters.ts'
import { useAuditEntries } from './audit-queries.ts'
import { AuditTable } from './audit-table.tsx'
import { ChainState } from './chain-state.tsx'
import { EntryDialog } from './entry-dialog.tsx'
import { FilterBar } from './filter-bar.tsx'
import { auditText } from './text-audit.ts'

interface AuditLogProps {
  filters: AuditFilters
  onFilter: (filters: AuditFilters) => void
}

/** The audit log: whether it is whole, what to look for, and what was found. */
export function AuditLog({ filters, onFilter }: AuditLogProps) {
  const [open, setOpen] = useState<AuditLogEntry | null>(null)
  return (
    <div className={styles.log}>
      <ChainState />
      <FilterBar filters={filters} onChange={onFilter} />
      <Entries filters={filters} onFilter={onFilter} onOpen={setOpen} />
      {open !== null && <EntryDialog entry={open} onOpen={setOpen} onClose={() => setOpen(null)} />}
    </div>
  )
}

function Entries({ filters, onFilter, onOpen }: AuditLogProps & { onOpen: (entry: AuditLogEntry) => void }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAuditEntries(filters)
  if (isPending) return <Skeleton label={auditText.loading} rows={8} />
  if (data === undefined)
    return (
      <Notice tone="negative" title={auditText.failed} action={<Button onClick={() => void refetch()}>{auditText.retry}</Button>}>
        {messageOf(error)}
      </Notice>
    )
  if (data.length === 0)
    return (
      <EmptyState title={auditText.noneTitle} action={<Button onClick={() => onFilter(NO_FILTERS)}>{auditText.clear}</Button>}>
        {auditText.none}
      </EmptyState>
    )
  return (
    <>
      <AuditTable entries={data} onOpen={onOpen} />
      <div className={styles.foot}>
        {hasNextPage ? (
          <PendingButton isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? auditText.loadingOlder : auditText.older}
          </PendingButton>
        ) : (
          <p className={styles.quiet}>{auditText.end}</p>
        )}
      </div>
    </>
  )
}
