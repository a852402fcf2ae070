import { ApprovalInbox } from '../../features/approvals/approval-inbox.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useCan } from '../use-can.ts'

/** Every decision that waits, whatever session asks. */
export function InboxScreen() {
  const mayDecide = useCan('approve')
  return (
    <Screen title={shellText.inbox}>
      {mayDecide ? <ApprovalInbox /> : <EmptyState title={shellText.nothingWaits}>{shellText.mayNotDecide}</EmptyState>}
    </Screen>
  )
}
