import { PostureView } from '../../features/security/posture-view.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useCan } from '../use-can.ts'

/** Where this installation is open, and what to do about it. */
export function SecurityScreen() {
  const mayLook = useCan('admin')
  return (
    <Screen title={shellText.security} backHref="/">
      {mayLook ? <PostureView /> : <EmptyState title={shellText.notForYou}>{shellText.securityIsTheOwners}</EmptyState>}
    </Screen>
  )
}
