import { Link, useSearch } from 'wouter'
import { RuleId } from '#protocol/ids'
import type { PolicyChoices } from '../../features/policy/policy-names.ts'
import { PolicyView } from '../../features/policy/policy-view.tsx'
import { useUsers } from '../../features/users/user-queries.ts'
import { useProjects, useProviders } from '../../lib/server-queries.ts'
import { shellText } from '../../lib/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Screen } from '../screen.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import { useCan, useManagesUsers } from '../use-can.ts'

/** What agents may do without asking, for everybody who may read. */
export function PolicyScreen() {
  const managesUsers = useManagesUsers()
  const mayAudit = useCan('admin')
  const history = (
    <Link href="/audit?area=policy" className={buttonClass('secondary')}>
      {shellText.policyHistory}
    </Link>
  )
  return (
    <Screen title={shellText.policy} backHref="/" actions={mayAudit && history}>
      {managesUsers ? <OwnersPolicy /> : <OwnPolicy />}
    </Screen>
  )
}

function OwnersPolicy() {
  const users = useUsers()
  return <PolicyOf people={users.data?.map(({ id, username }) => ({ id, name: username })) ?? []} />
}

/** Others see rules for themselves alone. */
function OwnPolicy() {
  const { user } = useSignedIn()
  return <PolicyOf people={user === null ? [] : [{ id: user.id, name: user.username }]} />
}

function PolicyOf({ people }: Pick<PolicyChoices, 'people'>) {
  const mayChange = useCan('admin')
  const projects = useProjects()
  const providers = useProviders()
  const marked = RuleId.safeParse(new URLSearchParams(useSearch()).get('rule')).data ?? null
  return (
    <PolicyView
      mayChange={mayChange}
      marked={marked}
      choices={{ people, projects: projects.data ?? [], providers: providers.data ?? [] }}
    />
  )
}
