import { ApprovalInbox } from '../../features/approvals/approval-inbox.tsx'
import { FreezeButton } from '../../features/freeze/freeze-button.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useCan } from '../use-can.ts'

/** Every decision that waits, whatever session asks. */
export function InboxScreen() {
  const mayDecide = useCan('approve')
  const mayFreeze = useCan('admin')
  return (
    <Screen title={shellText.inbox} actions={mayFreeze && <FreezeButton />}>
      {mayDecide ? <ApprovalInbox /> : <EmptyState title={shellText.nothingWaits}>{shellText.mayNotDecide}</EmptyState>}
    </Screen>
  )
}
