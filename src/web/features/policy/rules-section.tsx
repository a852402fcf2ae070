import Plus from 'lucide-react/icons/plus'
import { useMemo, useState } from 'react'
import type { PolicyRule, RuleDraft } from '#protocol/policy'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import { type PolicyDraft, withoutRule, withSaved } from './policy-draft.ts'
import { usePolicyPlace } from './policy-names.ts'
import { RuleFilters } from './rule-filters.tsx'
import { EMPTY_RULE } from './rule-form.ts'
import { groupsOf, narrowed, reachOf, type RuleGroup, type RuleSearch, type ShownRule, shownRules } from './rule-list.ts'
import { RuleRow } from './rule-row.tsx'
import styles from './rules.module.css'
import { rulesText } from './text-policy.ts'

/** This many are easier to search than to read. */
const SEARCHED_FROM = 6

/** So many rows are drawn at once. */
const PAGE = 100

/** A rule that is open in its form; a new one has no key. */
export interface OpenRule {
  key: string | undefined
  rule: RuleDraft
}

interface RulesSectionProps {
  draft: PolicyDraft
  mayChange: boolean
  /** The rule that the address names. */
  marked: string | null
  onChange: (draft: PolicyDraft) => void
  onOpen: (rule: OpenRule) => void
}

/** All rules by where they hold, in the order in which they win. */
export function RulesSection({ draft, mayChange, marked, onChange, onOpen }: RulesSectionProps) {
  const [search, setSearch] = useState<RuleSearch>({ words: '', decision: '' })
  const [limit, setLimit] = useState(PAGE)
  const { names } = usePolicyPlace()
  const all = useMemo(() => shownRules(draft), [draft])
  const found = useMemo(() => narrowed(all, search, names), [all, search, names])
  const groups = groupsOf(found, Math.max(limit, marked === null ? 0 : reachOf(found, marked)))
  const isMissing = marked !== null && !all.some(({ key }) => key === marked)

  return (
    <SettingsSection id="rules" title={rulesText.title} description={rulesText.description}>
      {isMissing && <Notice>{rulesText.missing}</Notice>}
      {all.length >= SEARCHED_FROM && <RuleFilters search={search} onChange={setSearch} />}
      {all.length === 0 && <p>{rulesText.none}</p>}
      {all.length > 0 && found.length === 0 && <p role="status">{rulesText.noneFound}</p>}
      {groups.length > 0 && (
        <Groups groups={groups} draft={draft} mayChange={mayChange} marked={marked} onChange={onChange} onOpen={onOpen} />
      )}
      <More groups={groups} count={found.length} onMore={(shown) => setLimit(shown + PAGE)} />
      {mayChange && (
        <Button onClick={() => onOpen({ key: undefined, rule: EMPTY_RULE })}>
          <Plus size={16} aria-hidden />
          {rulesText.add}
        </Button>
      )}
    </SettingsSection>
  )
}

function Groups({ groups, draft, onChange, onOpen, ...rest }: RulesSectionProps & { groups: readonly RuleGroup[] }) {
  const now = useNow()

  function undo(saved: PolicyRule | undefined, key: string) {
    onChange(saved === undefined ? withoutRule(draft, key) : withSaved(draft, saved))
  }

  function rowOf(shown: ShownRule) {
    return (
      <RuleRow
        key={shown.key}
        shown={shown}
        now={now}
        mayChange={rest.mayChange}
        isMarked={shown.key === rest.marked}
        onEdit={() => onOpen(shown)}
        onRemove={() => onChange(withoutRule(draft, shown.key))}
        onUndo={() => undo(shown.saved, shown.key)}
      />
    )
  }

  return (
    <div className={styles.groups}>
      {groups.map(({ kind, rules, count }) => (
        <div key={kind} className={styles.group}>
          <h3 className={styles.groupTitle}>{rulesText.group(rulesText.groups[kind], count)}</h3>
          <ul aria-label={rulesText.list(rulesText.groups[kind])}>{rules.map(rowOf)}</ul>
        </div>
      ))}
    </div>
  )
}

function More({ groups, count, onMore }: { groups: readonly RuleGroup[]; count: number; onMore: (shown: number) => void }) {
  const shown = groups.reduce((sum, { rules }) => sum + rules.length, 0)
  if (shown >= count) return null
  return (
    <div className={styles.more}>
      <span>{rulesText.shown(shown, count)}</span>
      <Button onClick={() => onMore(shown)}>{rulesText.more(Math.min(PAGE, count - shown))}</Button>
    </div>
  )
}
