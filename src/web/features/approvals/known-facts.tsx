import type { ApprovalRequest } from '#protocol/approvals'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './approval-card.module.css'
import { approvalText } from './text-approvals.ts'

/** What the server found out about the call, and what the decision holds for. */
export function KnownFacts({ request: { bound, cwd } }: { request: ApprovalRequest }) {
  const { known } = approvalText
  const inside = (path: string) => (path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path)
  const rows = [
    { label: known.environment, values: bound?.environment ?? [], isDanger: true },
    { label: known.programs, values: bound?.programs.map(({ path }) => path) ?? [] },
    { label: known.files, values: bound?.files.map(({ path }) => inside(path)) ?? [] },
  ].filter(({ values }) => values.length > 0)
  if (rows.length === 0) return null
  return (
    <dl className={styles.known}>
      {rows.map(({ label, values, isDanger = false }) => (
        <Row key={label} label={label} values={values} isDanger={isDanger} />
      ))}
    </dl>
  )
}

function Row({ label, values, isDanger }: { label: string; values: readonly string[]; isDanger: boolean }) {
  return (
    <>
      <dt className={isDanger ? styles.danger : undefined}>{label}</dt>
      <dd className={isDanger ? styles.danger : undefined}>
        <VisibleText text={values.join(', ')} />
      </dd>
    </>
  )
}
