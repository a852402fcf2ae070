import { useMemo, useState } from 'react'
import type { Policy } from '#protocol/policy'
import { Notice } from '../../ui/notice.tsx'
import { DocumentSection } from './document-section.tsx'
import { LabSection } from './lab-section.tsx'
import { countChanges } from './policy-changes.ts'
import { changesOf, draftOf, type PolicyDraft, withRule } from './policy-draft.ts'
import { PresetSection } from './preset-section.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { type OpenRule, RulesSection } from './rules-section.tsx'
import { SaveBar } from './save-bar.tsx'
import { policyText } from './text-policy.ts'
import { useUnsaved } from './unsaved-changes.ts'

interface PolicyEditorProps {
  policy: Policy
  mayChange: boolean
  /** The rule that the address names. */
  marked: string | null
}

/** The policy with the changes that are not saved yet. */
export function PolicyEditor({ policy, mayChange, marked }: PolicyEditorProps) {
  const [{ draft: edited, text }, keep] = useUnsaved()
  const [open, setOpen] = useState<OpenRule | null>(null)
  const [saves, setSaves] = useState(0)
  // Until something is changed it follows what others save.
  const draft = useMemo(() => edited ?? draftOf(policy), [edited, policy])

  function change(next: PolicyDraft) {
    keep({ draft: countChanges(changesOf(next)) === 0 ? null : next })
  }

  return (
    <>
      {!mayChange && <Notice>{policyText.readOnly}</Notice>}
      <PresetSection draft={draft} mayChange={mayChange} onChange={change} />
      <RulesSection draft={draft} mayChange={mayChange} marked={marked} onChange={change} onOpen={setOpen} />
      <LabSection isChanged={edited !== null} onMakeRule={mayChange ? (rule) => setOpen({ key: undefined, rule }) : undefined} />
      <DocumentSection draft={draft} text={text} mayChange={mayChange} onChange={change} onText={(next) => keep({ text: next })} />
      {mayChange && (
        <SaveBar
          key={saves}
          draft={draft}
          justSaved={saves > 0}
          onChange={change}
          onDiscard={() => keep({ draft: null })}
          onSaved={() => {
            keep({ draft: null })
            setSaves(saves + 1)
          }}
        />
      )}
      {open !== null && (
        <RuleDialog
          original={open.rule}
          isNew={open.key === undefined}
          onKeep={(rule) => {
            change(withRule(draft, rule, open.key))
            setOpen(null)
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}
