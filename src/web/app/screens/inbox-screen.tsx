import { ApprovalInbox } from '../../features/approvals/approval-inbox.tsx'
import { shellText } from '../../lib/text.ts'
import { Screen } from '../screen.tsx'

/** Every decision that waits, whatever session asks. */
export function InboxScreen() {
  return (
    <Screen title={shellText.inbox}>
      <ApprovalInbox />
    </Screen>
  )
}
