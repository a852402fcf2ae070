import { useState } from 'react'
import type { RuleDraft, RuleReplay } from '#protocol/policy'
import { formatExactTime } from '../../lib/format.ts'
import { failureOf } from '../../lib/step-up.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import { usePolicyPlace } from './policy-names.ts'
import { useReplay } from './policy-queries.ts'
import styles from './replay.module.css'
import { replayText } from './text-replay.ts'

/** What the rule would have covered before. An answer for another wording of the rule is not shown. */
export function ReplaySection({ rule }: { rule: RuleDraft }) {
  const { projects } = usePolicyPlace().choices
  const own = rule.scope.kind === 'project' ? rule.scope.projectId : undefined
  const [chosen, setChosen] = useState(own ?? projects[0]?.id)
  const replay = useReplay()
  const failure = failureOf(replay.error)
  const asked = JSON.stringify({ match: rule.match, scope: rule.scope, decision: rule.decision, projectId: chosen })
  const [answered, setAnswered] = useState('')
  if (chosen === undefined) return <p className={styles.hint}>{replayText.noProjects}</p>

  function run() {
    if (chosen === undefined) return
    setAnswered(asked)
    replay.mutate({ rule, projectId: chosen })
  }

  return (
    <section className={styles.replay}>
      <h3 className={styles.title}>{replayText.title}</h3>
      <p className={styles.hint}>{replayText.description}</p>
      <SelectField
        label={replayText.project}
        value={chosen}
        options={projects.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      <PendingButton isBusy={replay.isPending} onClick={run}>
        {replay.isPending ? replayText.running : replayText.run}
      </PendingButton>
      <div role="status" className={styles.past}>
        {replay.data !== undefined && answered === asked && <ReplayResult replay={replay.data} />}
      </div>
      {failure !== undefined && answered === asked && <Notice tone="negative">{failure}</Notice>}
    </section>
  )
}

function ReplayResult({ replay: { calls, covered, deniedCount, denied } }: { replay: RuleReplay }) {
  return (
    <>
      <p>{replayText.result(covered, calls)}</p>
      {covered > 0 && <p>{replayText.denied(deniedCount)}</p>}
      <ul>
        {denied.map(({ at, toolName, title }, index) => (
          <li key={index}>
            <time dateTime={at}>{formatExactTime(at)}</time> {toolName}{' '}
            <code>
              <VisibleText text={title} />
            </code>
          </li>
        ))}
      </ul>
      {deniedCount > denied.length && <p>{replayText.more(deniedCount - denied.length)}</p>}
    </>
  )
}
