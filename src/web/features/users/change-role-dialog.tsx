import { useId, useState } from 'react'
import { Role } from '#protocol/auth'
import type { ManagedUser } from '#protocol/users'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ChoiceList } from '../../ui/settings/choice-list.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { changeRoleText, roleMeanings, roleNames, usersText } from './text-users.ts'
import { useUpdateUser } from './user-queries.ts'

const CHOICES = Role.options.map((value) => ({ value, label: roleNames[value], meaning: roleMeanings[value] }))

/** Asks for another role, and says what each may do. */
export function ChangeRoleDialog({ user, onClose }: { user: ManagedUser; onClose: () => void }) {
  const formId = useId()
  const [role, setRole] = useState(user.role)
  const { mutate: update, isPending, error } = useUpdateUser(user.id)
  const failure = failureOf(error)

  function save() {
    if (role === user.role) onClose()
    else if (!isPending) update({ role }, { onSuccess: onClose })
  }

  return (
    <Dialog
      title={changeRoleText.title(user.username)}
      closeLabel={usersText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{usersText.cancel}</Button>
          <PendingButton variant="primary" type="submit" form={formId} isBusy={isPending}>
            {isPending ? usersText.saving : usersText.save}
          </PendingButton>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <ChoiceList legend={changeRoleText.role} choices={CHOICES} chosen={[role]} onChange={([chosen]) => setRole(chosen ?? role)} />
      </form>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
    </Dialog>
  )
}
