import type { ReactNode } from 'react'
import type { PostureItem } from '#protocol/posture'
import { Badge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/code/copy-button.tsx'
import { isProblem } from './posture-filter.ts'
import styles from './security.module.css'
import { StatusMark } from './status-mark.tsx'
import { postureText, severityNames } from './text-security.ts'

/** One check: its state and what holds; below it what was seen, why it matters and what to do. Open where something is wrong. */
export function PostureRow({ item }: { item: PostureItem }) {
  const { id, status, title, severity, evidence, why, fix, references } = item
  const asked = [...references.guide, ...references.issue, ...references.asvs.map((number) => `ASVS ${number}`)]
  return (
    <li className={styles.row}>
      <details open={isProblem(status)} id={id}>
        <summary className={styles.summary}>
          <StatusMark status={status} />
          <span className={styles.rowTitle}>{title}</span>
          <Badge tone={status === 'fail' ? 'negative' : 'neutral'}>
            <span className="visually-hidden">{postureText.severity('')}</span>
            {severityNames[severity]}
          </Badge>
        </summary>
        <dl className={styles.facts}>
          <Fact name={postureText.evidence}>{evidence}</Fact>
          <Fact name={postureText.why}>{why}</Fact>
          {fix !== null && (
            <Fact name={postureText.fix}>
              {fix.text}
              {fix.command !== null && <Command text={fix.command} />}
            </Fact>
          )}
          <Fact name={postureText.references}>
            <span className={styles.quiet}>
              {asked.join(' · ')} · <code>{id}</code>
            </span>
          </Fact>
        </dl>
      </details>
    </li>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Command({ text }: { text: string }) {
  return (
    <div className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} label={postureText.copy} copiedLabel={postureText.copied} />
    </div>
  )
}
