import type { UseQueryResult } from '@tanstack/react-query'
import { messageOf } from '../../lib/api-error.ts'
import { requestText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './account.module.css'

interface QueryStateProps {
  query: UseQueryResult
  words: { loading: string; failed: string }
  rows: number
}

/** Stands where a list would, until there is one. Nothing once there is. */
export function QueryState({ query, words, rows }: QueryStateProps) {
  if (query.data !== undefined) return null
  if (query.error === null) {
    return (
      <div className={styles.loading}>
        <Skeleton label={words.loading} rows={rows} />
      </div>
    )
  }
  return (
    <Notice tone="negative" title={words.failed} action={<Button onClick={() => void query.refetch()}>{requestText.retry}</Button>}>
      {messageOf(query.error)}
    </Notice>
  )
}
