import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { pageOf } from '#protocol/lists'
import { AccountNotice } from '#protocol/logins'
import { api } from '../lib/api.ts'
import { queryKeys } from '../lib/query-keys.ts'
import styles from './account-notices.module.css'
import { useSignedIn } from './signed-in-context.ts'

const NoticeCard = lazy(async () => ({ default: (await import('../features/account-notices/notice-card.tsx')).NoticeCard }))

const NoticePage = pageOf(AccountNotice)

/** What happened to the account and was not seen yet. It floats over the screen, so that it moves nothing. */
export function AccountNotices() {
  const { status } = useSignedIn()
  const { data: notices = [] } = useQuery({
    queryKey: queryKeys.notices,
    queryFn: async ({ signal }) => (await api.get('/api/auth/notices', NoticePage, signal)).items,
    enabled: !status.platformMode,
    // Another device may have dismissed them: each visit looks again.
    staleTime: 0,
  })
  const isAlarming = notices.some(({ kind }) => kind === 'refresh-reused')
  return (
    <div role={isAlarming ? 'alert' : 'status'} className={styles.region}>
      <Suspense fallback={null}>{notices.length > 0 && <NoticeCard notices={notices} />}</Suspense>
    </div>
  )
}
