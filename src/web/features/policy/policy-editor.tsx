import { useEffect, useState } from 'react'
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

/** The policy with the changes that are not saved yet. */
export function PolicyEditor({ policy, mayChange }: { policy: Policy; mayChange: boolean }) {
  const [edited, setEdited] = useState<PolicyDraft | null>(null)
  const [open, setOpen] = useState<OpenRule | null>(null)
  const [saves, setSaves] = useState(0)
  // Until something is changed it follows what others save.
  const draft = edited ?? draftOf(policy)
  const isChanged = countChanges(changesOf(draft)) > 0
  useLeaveGuard(isChanged)

  function change(next: PolicyDraft) {
    setEdited(countChanges(changesOf(next)) === 0 ? null : next)
  }

  return (
    <>
      {!mayChange && <Notice>{policyText.readOnly}</Notice>}
      <PresetSection draft={draft} mayChange={mayChange} onChange={change} />
      <RulesSection draft={draft} mayChange={mayChange} onChange={change} onOpen={setOpen} />
      <LabSection isChanged={isChanged} onMakeRule={mayChange ? (rule) => setOpen({ key: undefined, rule }) : undefined} />
      <DocumentSection draft={draft} mayChange={mayChange} onChange={change} />
      {mayChange && (
        <SaveBar
          key={saves}
          draft={draft}
          justSaved={saves > 0}
          onChange={change}
          onDiscard={() => setEdited(null)}
          onSaved={() => {
            setEdited(null)
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

/** Asks before the page is left with changes that are not saved. */
function useLeaveGuard(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isChanged])
}
