import { messageOf } from '../../lib/api-error.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SettingsColumn } from '../../ui/settings/settings-section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PolicyEditor } from './policy-editor.tsx'
import { namesOf, type PolicyChoices, PolicyPlaceContext } from './policy-names.ts'
import { usePolicy } from './policy-queries.ts'
import { policyText } from './text-policy.ts'

interface PolicyViewProps {
  /** Whether whoever looks may change it. */
  mayChange: boolean
  choices: PolicyChoices
  /** The rule that the address names. */
  marked: string | null
}

/** What agents may do without asking, and what never. */
export function PolicyView({ mayChange, choices, marked }: PolicyViewProps) {
  const policy = usePolicy()
  return (
    <SettingsColumn>
      {policy.isPending && <Skeleton label={policyText.loading} rows={5} />}
      {policy.data === undefined && policy.isError && (
        <Notice
          tone="negative"
          title={policyText.failed}
          action={<Button onClick={() => void policy.refetch()}>{policyText.retry}</Button>}
        >
          {messageOf(policy.error)}
        </Notice>
      )}
      {policy.data !== undefined && (
        <PolicyPlaceContext value={{ choices, names: namesOf(choices) }}>
          <PolicyEditor policy={policy.data} mayChange={mayChange} marked={marked} />
        </PolicyPlaceContext>
      )}
    </SettingsColumn>
  )
}
