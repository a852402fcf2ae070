import { useId, useState } from 'react'
import type { CreateInvitation } from '#protocol/users'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import styles from './invite-dialog.module.css'
import { NewInvitationDialog } from './new-invitation-dialog.tsx'
import { inviteText, roleMeanings, roleNames, usersText } from './text-users.ts'
import { useInvite } from './user-queries.ts'

const ROLES = (['member', 'viewer'] as const).map((value) => ({ value, label: roleNames[value], meaning: roleMeanings[value] }))
const HOURS = (['1', '24', '72', '168'] as const).map((value) => ({ value, label: inviteText.durations[value] }))
type Hours = (typeof HOURS)[number]['value']

/** Asks for the role and how long the link works, then shows the link once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const [role, setRole] = useState<CreateInvitation['role']>('viewer')
  const [hours, setHours] = useState<Hours>('72')
  const { mutate: invite, isPending, error, data: created } = useInvite()
  if (created !== undefined) return <NewInvitationDialog invitation={created} onClose={onClose} />

  const failure = failureOf(error)
  return (
    <Dialog
      title={inviteText.title}
      closeLabel={usersText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{usersText.cancel}</Button>
          <PendingButton variant="primary" type="submit" form={formId} isBusy={isPending}>
            {isPending ? inviteText.creating : inviteText.create}
          </PendingButton>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!isPending) invite({ role, hours: Number(hours) })
        }}
      >
        <ChoiceList legend={inviteText.role} choices={ROLES} chosen={[role]} onChange={([chosen]) => setRole(chosen ?? role)} />
        <SelectField label={inviteText.lasts} value={hours} options={HOURS} onChange={setHours} />
      </form>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
    </Dialog>
  )
}
