import { messageOf } from '../lib/api-error.ts'
import { requestText } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

interface LoadFailureProps {
  title: string
  error: Error
  onRetry: () => void
}

/** Stands where something should be that could not be read. */
export function LoadFailure({ title, error, onRetry }: LoadFailureProps) {
  return (
    <Notice tone="negative" title={title} action={<Button onClick={onRetry}>{requestText.retry}</Button>}>
      {messageOf(error)}
    </Notice>
  )
}
