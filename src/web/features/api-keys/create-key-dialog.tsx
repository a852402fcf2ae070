import type { SubmitEvent } from 'react'
import { useId, useState } from 'react'
import type { Scope } from '#protocol/permissions'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import { useCreateApiKey } from './api-key-queries.ts'
import styles from './create-key-dialog.module.css'
import type { Expiry } from './key-draft.ts'
import { EMPTY_DRAFT, EXPIRIES, requestOf } from './key-draft.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { createKeyText, keysText, scopeChoices } from './text-api-keys.ts'

interface CreateKeyDialogProps {
  /** What a key may be given. */
  scopes: readonly Scope[]
  onClose: () => void
}

const EXPIRY_OPTIONS: { value: Expiry; label: string }[] = EXPIRIES.map((value) => ({ value, label: createKeyText.expiries[value] }))

/** Asks what a key is for, what it may do and for how long, then shows it once. */
export function CreateKeyDialog({ scopes, onClose }: CreateKeyDialogProps) {
  const formId = useId()
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const [isChecked, setIsChecked] = useState(false)
  const { mutate: create, isPending, error, data: created } = useCreateApiKey()
  if (created !== undefined) return <NewKeyDialog apiKey={created} onClose={onClose} />

  function createKey(event: SubmitEvent) {
    event.preventDefault()
    setIsChecked(true)
    const request = requestOf(draft, new Date())
    if (request !== null && !isPending) create(request)
  }

  const failure = failureOf(error)
  return (
    <Dialog
      title={createKeyText.title}
      closeLabel={keysText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{createKeyText.cancel}</Button>
          <PendingButton variant="primary" type="submit" form={formId} isBusy={isPending}>
            {isPending ? createKeyText.creating : createKeyText.create}
          </PendingButton>
        </>
      }
    >
      <form id={formId} noValidate className={styles.form} onSubmit={createKey}>
        <Field
          label={createKeyText.name}
          hint={createKeyText.nameHint}
          error={isChecked && draft.name.trim() === '' ? createKeyText.nameMissing : undefined}
          value={draft.name}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <ChoiceList
          isMultiple
          legend={createKeyText.scopes}
          choices={scopes.map((value) => ({ value, ...scopeChoices[value] }))}
          chosen={draft.scopes}
          error={isChecked && draft.scopes.length === 0 ? createKeyText.scopesMissing : undefined}
          onChange={(chosen) => setDraft({ ...draft, scopes: chosen })}
        />
        <SelectField
          label={createKeyText.expiry}
          value={draft.expiry}
          options={EXPIRY_OPTIONS}
          onChange={(expiry) => setDraft({ ...draft, expiry })}
        />
      </form>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
    </Dialog>
  )
}
