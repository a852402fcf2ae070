import { useState } from 'react'
import { Link } from 'wouter'
import type { PolicyTest, PolicyVerdict, RuleDraft } from '#protocol/policy'
import { ruleAddress } from '../../lib/rule-in-words.ts'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import { DecisionMark } from './decision-mark.tsx'
import { EMPTY_CALL, LAB_EXAMPLES, type LabCall, type LabPlace, readCall, ruleOfCall } from './lab-call.ts'
import { LabFields } from './lab-fields.tsx'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import { useTestCall } from './policy-queries.ts'
import { matchWords } from './rule-words.ts'
import { labText } from './text-policy.ts'

interface LabSectionProps {
  /** Whether there are changes that are not saved, which the answer does not know. */
  isChanged: boolean
  /** Undefined where no rules may be made. */
  onMakeRule: ((rule: RuleDraft) => void) | undefined
}

/** Asks the server what it would do with a call. */
export function LabSection(props: LabSectionProps) {
  const { projects, providers } = usePolicyPlace().choices
  const [chosen, setChosen] = useState<Partial<LabPlace>>({})
  const projectId = chosen.projectId ?? projects[0]?.id
  const { provider = providers[0]?.id ?? null, mode = 'default' } = chosen
  return (
    <SettingsSection id="lab" title={labText.title} description={labText.description}>
      {projectId === undefined ? (
        <p>{labText.noProjects}</p>
      ) : (
        <CallLab {...props} place={{ projectId, provider, mode }} onPlace={(part) => setChosen({ ...chosen, ...part })} />
      )}
    </SettingsSection>
  )
}

interface CallLabProps extends LabSectionProps {
  place: LabPlace
  onPlace: (part: Partial<LabPlace>) => void
}

function CallLab({ place, onPlace, ...rest }: CallLabProps) {
  const [call, setCall] = useState(EMPTY_CALL)
  const [fault, setFault] = useState<string | null>(null)
  const { mutate, isPending, data, error, variables } = useTestCall()
  const failure = fault ?? failureOf(error)

  function ask(asked: LabCall) {
    if (isPending) return
    const read = readCall(asked, place)
    setFault(read.fault)
    setCall(asked)
    if (read.test !== null) mutate(read.test)
  }

  return (
    <>
      <Examples onChoose={(example) => ask({ ...call, ...example })} />
      <form
        className={classNames(styles.form, styles.stretch)}
        onSubmit={(event) => {
          event.preventDefault()
          ask(call)
        }}
      >
        <LabFields call={call} place={place} onCall={(part) => setCall({ ...call, ...part })} onPlace={onPlace} />
        <div>
          <PendingButton variant="primary" type="submit" isBusy={isPending}>
            {isPending ? labText.testing : labText.test}
          </PendingButton>
        </div>
      </form>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
      <div role="status" className={styles.stretch}>
        {failure === undefined && data !== undefined && <Verdict verdict={data} test={variables} {...rest} />}
      </div>
    </>
  )
}

function Examples({ onChoose }: { onChoose: (call: Partial<LabCall>) => void }) {
  return (
    <div className={styles.field}>
      <span className={styles.label}>{labText.examples}</span>
      <div className={styles.buttons} role="group" aria-label={labText.examples}>
        {LAB_EXAMPLES.map(({ label, call }) => (
          <Button key={label} className={styles.chip} onClick={() => onChoose(call)}>
            {label}
          </Button>
        ))}
      </div>
    </div>
  )
}

interface VerdictProps extends LabSectionProps {
  verdict: PolicyVerdict
  test: PolicyTest
}

function Verdict({ verdict: { decision, rule, explanation }, test, isChanged, onMakeRule }: VerdictProps) {
  const { command } = test.toolInput
  return (
    <div className={styles.verdict}>
      <span className={styles.rule}>
        <DecisionMark decision={decision} />
        <code>{typeof command === 'string' ? command : `${test.toolName} ${JSON.stringify(test.toolInput)}`}</code>
      </span>
      <p>{explanation}</p>
      <p className={styles.hint}>
        {rule === null ? (
          labText.byPreset
        ) : (
          <>
            {labText.byRule}: <Link href={ruleAddress(rule.id)}>{matchWords(rule.match)}</Link>
          </>
        )}
      </p>
      {isChanged && <p className={styles.hint}>{labText.unsaved}</p>}
      {onMakeRule !== undefined && <Button onClick={() => onMakeRule(ruleOfCall(test, decision))}>{labText.makeRule}</Button>}
    </div>
  )
}
