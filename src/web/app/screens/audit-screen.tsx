import { useLocation, useSearch } from 'wouter'
import { addressOf, filtersIn } from '../../features/audit/audit-filters.ts'
import { AuditLog } from '../../features/audit/audit-log.tsx'
import { ExportButton } from '../../features/audit/export-button.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useCan } from '../use-can.ts'

/** What was done here, by whom. */
export function AuditScreen() {
  const mayLook = useCan('admin')
  const filters = filtersIn(useSearch())
  const [, navigate] = useLocation()
  if (!mayLook)
    return (
      <Screen title={shellText.audit} backHref="/">
        <EmptyState title={shellText.notForYou}>{shellText.auditIsTheOwners}</EmptyState>
      </Screen>
    )
  return (
    <Screen title={shellText.audit} backHref="/" actions={<ExportButton filters={filters} />}>
      <AuditLog filters={filters} onFilter={(wanted) => navigate(addressOf(wanted), { replace: true })} />
    </Screen>
  )
}
