import { useMutation } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { messageOf } from '../../lib/api-error.ts'
import { download } from '../../lib/download.ts'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import type { AuditFilters } from './audit-filters.ts'
import { queryOf } from './audit-filters.ts'
import styles from './audit.module.css'
import { exportText } from './text-audit.ts'

/** Saves the days on the screen as JSON Lines: all entries of theirs, since a part of a chain proves nothing. */
export function ExportButton({ filters }: { filters: AuditFilters }) {
  const save = useMutation({
    mutationFn: () => {
      const query = queryOf(filters)
      for (const name of [...query.keys()]) if (name !== 'from' && name !== 'to') query.delete(name)
      return download(`/api/audit/export?${query.toString()}`, exportText.file)
    },
  })
  return (
    <div className={styles.export}>
      <PendingButton isBusy={save.isPending} onClick={() => save.mutate()}>
        <Download size={16} aria-hidden />
        {save.isPending ? exportText.exporting : exportText.export}
      </PendingButton>
      {save.isError && (
        <Notice tone="negative" title={exportText.failed}>
          {messageOf(save.error)}
        </Notice>
      )}
    </div>
  )
}
