import { useQuery } from '@tanstack/react-query'
import type { ProjectId } from '#protocol/ids'
import { type RuleDraft, RuleReplay } from '#protocol/policy'
import { api } from '../../lib/api.ts'
import { formatExactTime } from '../../lib/format.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './grant-dialog.module.css'
import { grantText } from './text-grants.ts'

const SHOWN = 5

/** What a rule would have allowed of the project's past calls, and which of those a person denied. */
export function PastCalls({ rule, projectId }: { rule: RuleDraft; projectId: ProjectId }) {
  const { data, isError } = useQuery({
    queryKey: ['replay', projectId, rule],
    queryFn: () => api.post('/api/policy/replay', { rule, projectId }, RuleReplay),
    retry: false,
  })
  const denied = data?.denied.slice(0, SHOWN) ?? []
  return (
    <div role="status" className={styles.past}>
      <p>{data !== undefined ? grantText.replay(data) : isError ? grantText.notCompared : grantText.comparing}</p>
      {data !== undefined && denied.length > 0 && (
        <ul className={styles.denied}>
          {denied.map(({ at, toolName, title }, index) => (
            <li key={index}>
              <time dateTime={at}>{formatExactTime(at)}</time> {toolName}{' '}
              <code>
                <VisibleText text={title} />
              </code>
            </li>
          ))}
          {data.deniedCount > denied.length && <li>{grantText.more(data.deniedCount - denied.length)}</li>}
        </ul>
      )}
    </div>
  )
}
