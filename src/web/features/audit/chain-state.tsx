import type { AuditVerdict } from '#protocol/audit'
import { messageOf } from '../../lib/api-error.ts'
import { useNow } from '../../lib/use-now.ts'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import styles from './audit.module.css'
import { useChain, useCheckChain } from './audit-queries.ts'
import { LogKeeping } from './log-keeping.tsx'
import { chainText } from './text-audit.ts'

const count = new Intl.NumberFormat('en')

/** Whether the log is as it was written, as of the last check, and a button that checks it. */
export function ChainState() {
  const chain = useChain()
  const check = useCheckChain()
  const verdict = chain.data?.verdict ?? null
  const problem = verdict?.problem ?? null
  return (
    <div className={styles.chain}>
      <div className={styles.chainLine}>
        <div role="status" className={styles.chainWords}>
          <Verdict isPending={chain.isPending} verdict={verdict} />
        </div>
        {verdict !== null && <LastCheck verdict={verdict} />}
        <PendingButton isBusy={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? chainText.checking : chainText.check}
        </PendingButton>
      </div>
      {chain.data !== undefined && <LogKeeping {...chain.data} />}
      {problem !== null && (
        <Notice tone="negative" title={chainText.broken}>
          {chainText.problem(count.format(problem.seq), problem.what)}
        </Notice>
      )}
      {check.isError && (
        <Notice tone="negative" title={chainText.failed}>
          {messageOf(check.error)}
        </Notice>
      )}
    </div>
  )
}

function Verdict({ isPending, verdict }: { isPending: boolean; verdict: AuditVerdict | null }) {
  if (isPending) return <StateMark tone="idle" word={chainText.loading} />
  if (verdict === null) return <StateMark tone="idle" word={chainText.unchecked} />
  if (!verdict.ok) return <StateMark tone="failed" word={chainText.broken} />
  return <StateMark tone="done" word={chainText.whole(count.format(verdict.entries))} />
}

function LastCheck({ verdict: { at, sealedTo } }: { verdict: AuditVerdict }) {
  const now = useNow()
  return (
    <span className={styles.quiet}>
      {chainText.checked} <Since at={at} now={now} /> · {chainText.sealed(count.format(sealedTo))}
    </span>
  )
}
