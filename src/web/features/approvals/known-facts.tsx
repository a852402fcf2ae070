import type { ApprovalRequest } from '#protocol/approvals'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './approval-card.module.css'
import { approvalText } from './text-approvals.ts'

interface Fact {
  label: string
  values: readonly string[]
  isDanger?: boolean
}

/** What the server found out about the call, and what the decision holds for. */
export function KnownFacts({ request }: { request: ApprovalRequest }) {
  const facts = [...targetFacts(request), ...boundFacts(request)].filter(({ values }) => values.length > 0)
  if (facts.length === 0) return null
  return (
    <dl className={styles.known}>
      {facts.map((fact) => (
        <Row key={fact.label} {...fact} />
      ))}
    </dl>
  )
}

const { known } = approvalText

function targetFacts({ targets }: ApprovalRequest): Fact[] {
  if (targets === undefined) return []
  return [
    { label: known.network, values: targets.hosts },
    { label: known.outside, values: targets.outside, isDanger: true },
  ]
}

function boundFacts({ bound, cwd }: ApprovalRequest): Fact[] {
  if (bound === undefined) return []
  const inside = (path: string) => (path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path)
  return [
    { label: known.environment, values: bound.environment, isDanger: true },
    { label: known.programs, values: bound.programs.map(({ path }) => path) },
    { label: known.files, values: bound.files.map(({ path }) => inside(path)) },
  ]
}

function Row({ label, values, isDanger = false }: Fact) {
  return (
    <>
      <dt className={isDanger ? styles.danger : undefined}>{label}</dt>
      <dd className={isDanger ? styles.danger : undefined}>
        <VisibleText text={values.join(', ')} />
      </dd>
    </>
  )
}
