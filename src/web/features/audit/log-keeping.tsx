import type { AuditState } from '#protocol/audit'
import { useNow } from '../../lib/use-now.ts'
import { Notice } from '../../ui/notice.tsx'
import { Since } from '../../ui/settings/since.tsx'
import styles from './audit.module.css'
import { chainText } from './text-audit.ts'

const count = new Intl.NumberFormat('en')

/** Where else the log is: the sealed files of its older entries, and what it is handed on to. */
export function LogKeeping({ segments, forward }: Pick<AuditState, 'segments' | 'forward'>) {
  return (
    <>
      {segments.count > 0 && <p className={styles.quiet}>{chainText.segments(segments.count, count.format(segments.last))}</p>}
      {forward !== null && <Forward forward={forward} />}
    </>
  )
}

function Forward({ forward: { target, behind, failing } }: { forward: NonNullable<AuditState['forward']> }) {
  const now = useNow()
  if (failing === null)
    return <p className={styles.quiet}>{behind === 0 ? chainText.forwarded(target) : chainText.forwarding(target, count.format(behind))}</p>
  return (
    <Notice tone="negative" title={chainText.notForwarded(target)}>
      {chainText.waiting(failing.problem, count.format(behind))} <Since at={failing.since} now={now} />
    </Notice>
  )
}
