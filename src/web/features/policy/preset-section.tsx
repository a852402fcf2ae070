import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import type { PolicyDraft } from './policy-draft.ts'
import { presetMeanings, presetNames, presetText } from './text-policy.ts'

interface PresetSectionProps {
  draft: PolicyDraft
  mayChange: boolean
  onChange: (draft: PolicyDraft) => void
}

/** What holds where no rule says otherwise. */
export function PresetSection({ draft, mayChange, onChange }: PresetSectionProps) {
  const { base, preset } = draft
  return (
    <SettingsSection id="preset" title={presetText.title} description={presetText.description}>
      {mayChange ? (
        <ChoiceList
          legend={presetText.legend}
          choices={base.presets.map((value) => ({ value, label: presetNames[value], meaning: presetMeanings[value] }))}
          chosen={[preset]}
          onChange={([chosen]) => onChange({ ...draft, preset: chosen ?? preset })}
        />
      ) : (
        <p>
          <strong>{presetNames[preset]}</strong>: {presetMeanings[preset]}
        </p>
      )}
    </SettingsSection>
  )
}
