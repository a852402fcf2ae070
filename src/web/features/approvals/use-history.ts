import { useInfiniteQuery } from '@tanstack/react-query'
import { DecidedApproval } from '#protocol/approvals'
import { pageOf } from '#protocol/lists'
import { api } from '../../lib/api.ts'
import { type HistoryFilters, historyQuery } from './history-filters.ts'

const DecidedPage = pageOf(DecidedApproval)
const DECISIONS_A_PAGE = 50

/** What was decided, newest first, page by page. */
export function useHistory(filters: HistoryFilters) {
  const query = historyQuery(filters)
  query.set('limit', String(DECISIONS_A_PAGE))
  const firstPage: string | null = null
  return useInfiniteQuery({
    queryKey: ['decided-approvals', query.toString()],
    initialPageParam: firstPage,
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
      const wanted = new URLSearchParams(query)
      if (pageParam !== null) wanted.set('cursor', pageParam)
      return api.get(`/api/approvals/decided?${wanted.toString()}`, DecidedPage, signal)
    },
    getNextPageParam: (page) => page.nextCursor,
    select: (data) => data.pages.flatMap((page) => page.items),
    staleTime: 0,
  })
}
