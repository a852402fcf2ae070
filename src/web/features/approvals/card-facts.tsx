import type { ApprovalRequest } from '#protocol/approvals'
import { classNames } from '../../ui/class-names.ts'
import { KnownFacts } from './known-facts.tsx'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './approval-card.module.css'
import { approvalText } from './text-approvals.ts'

/** What the server knows, then what the agent says: told apart. */
export function CardFacts({ request }: { request: ApprovalRequest }) {
  const { cwd, risk, description = '', preview } = request
  const repeatsPath = preview?.kind === 'edit' && preview.path.endsWith(description)
  return (
    <>
      <ul className={styles.facts}>
        <li className={classNames(styles.risk, styles[risk.level])}>{approvalText.risks[risk.level]}</li>
        {risk.reasons.map((reason) => (
          <li key={reason} className={risk.level === 'high' ? styles.danger : undefined}>
            <VisibleText text={reason} />
          </li>
        ))}
        <li>
          <VisibleText text={approvalText.cwd(cwd)} />
        </li>
      </ul>
      <KnownFacts request={request} />
      {description !== '' && !repeatsPath && (
        <p className={styles.says}>
          {approvalText.agentSays}{' '}
          <q>
            <VisibleText text={description} />
          </q>
        </p>
      )}
    </>
  )
}
