import type { ReactNode } from 'react'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Notice } from '../notice.tsx'
import { PendingButton } from './pending-button.tsx'

interface ConfirmDialogProps {
  /** The question. */
  title: string
  words: { close: string; cancel: string; confirm: string; confirming: string }
  isPending: boolean
  /** Why the last try failed, as a sentence. */
  error: string | undefined
  onConfirm: () => void
  onClose: () => void
  /** What happens then, as sentences. */
  children: ReactNode
}

/** Asks once before something is taken away. */
export function ConfirmDialog({ title, words, isPending, error, onConfirm, onClose, children }: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <PendingButton variant="danger" isBusy={isPending} onClick={onConfirm}>
            {isPending ? words.confirming : words.confirm}
          </PendingButton>
        </>
      }
    >
      <p>{children}</p>
      {error !== undefined && <Notice tone="negative">{error}</Notice>}
    </Dialog>
  )
}
