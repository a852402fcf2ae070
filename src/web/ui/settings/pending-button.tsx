import type { ButtonProps } from '../button.tsx'
import { Button } from '../button.tsx'

interface PendingButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** Nothing can be asked of it now, yet it keeps the focus: a dialog that opens over it gives the focus back to it. */
  isBusy: boolean
}

/** A button that starts what takes a moment. */
export function PendingButton({ isBusy, onClick, ...rest }: PendingButtonProps) {
  return (
    <Button
      {...rest}
      aria-disabled={isBusy}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
