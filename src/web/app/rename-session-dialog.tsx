import type { Session } from '#protocol/sessions'
import { messageOf } from '../lib/api-error.ts'
import { useUpdateSession } from '../lib/server-queries.ts'
import { sessionText, shellText } from '../lib/text.ts'
import { RenameDialog } from '../ui/rename-dialog.tsx'

export function RenameSessionDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { mutate: update, isPending, error } = useUpdateSession(session.id)
  return (
    <RenameDialog
      title={sessionText.rename}
      label={sessionText.title}
      words={{ close: shellText.close, cancel: shellText.cancel, save: sessionText.save, saving: sessionText.saving }}
      name={session.title}
      maxLength={200}
      isPending={isPending}
      error={error === null ? undefined : messageOf(error)}
      onRename={(title) => update({ title }, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}
