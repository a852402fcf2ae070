import { useLocation, useSearch } from 'wouter'
import { ApprovalHistory } from '../../features/approvals/approval-history.tsx'
import { ApprovalInbox } from '../../features/approvals/approval-inbox.tsx'
import { historyAddress, historyFiltersIn } from '../../features/approvals/history-filters.ts'
import { InboxTabs } from '../../features/approvals/inbox-tabs.tsx'
import { FreezeButton } from '../../features/freeze/freeze-button.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import { useCan } from '../use-can.ts'

/** Every decision that waits, whatever session asks, and those that were made. */
export function InboxScreen() {
  const mayFreeze = useCan('admin')
  const filters = historyFiltersIn(useSearch())
  const [, navigate] = useLocation()
  const { user } = useSignedIn()
  return (
    <Screen title={shellText.inbox} actions={mayFreeze && <FreezeButton />}>
      <InboxTabs isHistory={filters !== null} />
      {filters === null ? (
        <Waiting />
      ) : (
        <ApprovalHistory
          filters={filters}
          reader={user?.username ?? null}
          onFilter={(wanted) => navigate(historyAddress(wanted), { replace: true })}
        />
      )}
    </Screen>
  )
}

function Waiting() {
  const mayDecide = useCan('approve')
  return mayDecide ? <ApprovalInbox /> : <EmptyState title={shellText.nothingWaits}>{shellText.mayNotDecide}</EmptyState>
}
