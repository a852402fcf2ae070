import type { SyntheticEvent } from 'react'
import { useId, useState } from 'react'
import type { RuleDraft } from '#protocol/policy'
import { PolicyDecision } from '#protocol/policy'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import { formatExactTime } from '../../lib/format.ts'
import { ConditionFields } from './condition-fields.tsx'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import { ReplaySection } from './replay-section.tsx'
import { type Expiry, faultOf, formOf, type RuleForm, ruleOf } from './rule-form.ts'
import { explainRule } from './rule-words.ts'
import { ScopeFields } from './scope-fields.tsx'
import { decisionMeanings, decisionNames, formText, policyText, ruleFaults } from './text-policy.ts'

const DECISIONS = PolicyDecision.options.map((value) => ({ value, label: decisionNames[value], meaning: decisionMeanings[value] }))

interface RuleDialogProps {
  original: RuleDraft
  isNew: boolean
  onKeep: (rule: RuleDraft) => void
  onClose: () => void
}

/** The form of one rule, which says all along what the rule does. */
export function RuleDialog({ original, isNew, onKeep, onClose }: RuleDialogProps) {
  const formId = useId()
  const [form, setForm] = useState(() => formOf(original))
  const [wasTried, setWasTried] = useState(false)
  const now = new Date()
  const rule = ruleOf(form, original, now)
  const fault = faultOf(form, rule, now)

  function set(part: Partial<RuleForm>) {
    setForm((before) => ({ ...before, ...part }))
  }

  function keep(event: SyntheticEvent) {
    event.preventDefault()
    setWasTried(true)
    if (fault === null) onKeep(rule)
  }

  return (
    <Dialog
      keepsOpen
      isWide
      title={isNew ? formText.addTitle : formText.editTitle}
      closeLabel={policyText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{policyText.cancel}</Button>
          <Button variant="primary" type="submit" form={formId}>
            {formText.keep}
          </Button>
        </>
      }
    >
      <div className={styles.sides}>
        <form id={formId} className={styles.form} onSubmit={keep}>
          <RuleFields form={form} original={original} onChange={set} />
        </form>
        <div className={styles.side}>
          <RuleExplanation rule={rule} />
          {fault === null && <ReplaySection rule={rule} />}
          {wasTried && fault !== null ? (
            <Notice tone="negative">{ruleFaults[fault]}</Notice>
          ) : (
            <p className={styles.hint}>{formText.keepHint}</p>
          )}
        </div>
      </div>
    </Dialog>
  )
}

interface RuleFieldsProps {
  form: RuleForm
  original: RuleDraft
  onChange: (part: Partial<RuleForm>) => void
}

function RuleFields({ form, original, onChange }: RuleFieldsProps) {
  return (
    <>
      <ChoiceList
        legend={formText.decision}
        choices={DECISIONS}
        chosen={[form.decision]}
        onChange={([decision]) => decision !== undefined && onChange({ decision })}
      />
      <ScopeFields form={form} original={original.scope} onChange={onChange} />
      <ConditionFields form={form} isExact={original.match.exact !== undefined} onChange={onChange} />
      <Field
        label={formText.why}
        hint={formText.whyHint}
        maxLength={500}
        value={form.reason}
        onChange={(event) => onChange({ reason: event.target.value })}
      />
      <SelectField
        label={formText.expires}
        value={form.expiry}
        options={expiriesOf(original)}
        onChange={(expiry) => onChange({ expiry })}
      />
    </>
  )
}

function RuleExplanation({ rule }: { rule: RuleDraft }) {
  const { names } = usePolicyPlace()
  const titleId = useId()
  return (
    <section className={styles.explanation} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles.label}>
        {formText.explanation}
      </h3>
      <ul aria-live="polite">
        {explainRule(rule, names).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}

function expiriesOf({ expiresAt }: RuleDraft): { value: Expiry; label: string }[] {
  const { never, hour, day, week, month } = formText.expiries
  return [
    ...(expiresAt === null ? [] : [{ value: 'keep' as const, label: formText.keepExpiry(formatExactTime(expiresAt)) }]),
    { value: 'never', label: never },
    { value: 'hour', label: hour },
    { value: 'day', label: day },
    { value: 'week', label: week },
    { value: 'month', label: month },
  ]
}
