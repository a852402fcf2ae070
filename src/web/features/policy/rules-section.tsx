import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import type { PolicyRule, RuleDraft } from '#protocol/policy'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { SettingsList, SettingsSection } from '../../ui/settings/settings-section.tsx'
import { changesOf, type PolicyDraft, withoutRule, withSaved } from './policy-draft.ts'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import { EMPTY_RULE } from './rule-form.ts'
import { RuleRow, type ShownRule } from './rule-row.tsx'
import { holdsWords } from './rule-words.ts'
import { rulesText } from './text-policy.ts'

const GROUPS = ['global', 'user', 'project', 'session'] as const

/** This many are easier to search than to read. */
const SEARCHED_FROM = 6

/** A rule that is open in its form; a new one has no key. */
export interface OpenRule {
  key: string | undefined
  rule: RuleDraft
}

interface RulesSectionProps {
  draft: PolicyDraft
  mayChange: boolean
  onChange: (draft: PolicyDraft) => void
  onOpen: (rule: OpenRule) => void
}

/** All rules by where they hold, those that are to be deleted included until that is saved. */
export function RulesSection({ draft, mayChange, onChange, onOpen }: RulesSectionProps) {
  const [search, setSearch] = useState('')
  const { names } = usePolicyPlace()
  const now = useNow()
  const all = shownRules(draft)
  const found = all.filter(({ rule }) => holdsWords(rule, search.trim(), names))

  function undo(saved: PolicyRule | undefined, key: string) {
    onChange(saved === undefined ? withoutRule(draft, key) : withSaved(draft, saved))
  }

  return (
    <SettingsSection id="rules" title={rulesText.title} description={rulesText.description}>
      {all.length >= SEARCHED_FROM && (
        <Field type="search" label={rulesText.search} value={search} onChange={(event) => setSearch(event.target.value)} />
      )}
      {all.length === 0 && <p>{rulesText.none}</p>}
      {all.length > 0 && found.length === 0 && <p role="status">{rulesText.noneFound}</p>}
      {found.length > 0 && (
        <div className={styles.groups}>
          {GROUPS.map((group) => {
            const rules = found.filter(({ rule }) => rule.scope.kind === group)
            if (rules.length === 0) return null
            const name = rulesText.groups[group]
            return (
              <div key={group} className={styles.group}>
                <h3 className={styles.groupTitle}>
                  {name} ({rules.length})
                </h3>
                <SettingsList label={rulesText.list(name)}>
                  {rules.map((shown) => (
                    <RuleRow
                      key={shown.key}
                      shown={shown}
                      now={now}
                      mayChange={mayChange}
                      onEdit={() => onOpen(shown)}
                      onRemove={() => onChange(withoutRule(draft, shown.key))}
                      onUndo={() => undo(shown.saved, shown.key)}
                    />
                  ))}
                </SettingsList>
              </div>
            )
          })}
        </div>
      )}
      {mayChange && (
        <Button onClick={() => onOpen({ key: undefined, rule: EMPTY_RULE })}>
          <Plus size={16} aria-hidden />
          {rulesText.add}
        </Button>
      )}
    </SettingsSection>
  )
}

/** In the order in which they were saved, so that a rule that is deleted stays where it was. */
function shownRules(draft: PolicyDraft): ShownRule[] {
  const changed = new Set(changesOf(draft).rules.map((change) => (change.kind === 'changed' ? change.after.id : undefined)))
  const current = new Map(draft.rules.map(({ key, rule }) => [key, rule]))
  const saved = draft.base.rules.map((rule): ShownRule => {
    const now = current.get(rule.id)
    if (now === undefined) return { key: rule.id, rule, saved: rule, state: 'removed' }
    return { key: rule.id, rule: now, saved: rule, state: changed.has(rule.id) ? 'changed' : null }
  })
  const ids = new Set<string>(draft.base.rules.map(({ id }) => id))
  const added = draft.rules
    .filter(({ key }) => !ids.has(key))
    .map(({ key, rule }): ShownRule => ({ key, rule, saved: undefined, state: 'added' }))
  return [...added, ...saved]
}
