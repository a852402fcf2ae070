import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { AuditLogEntry, AuditState, AuditVerdict } from '#protocol/audit'
import { pageOf } from '#protocol/lists'
import { api } from '../../lib/api.ts'
import type { AuditFilters } from './audit-filters.ts'
import { queryOf } from './audit-filters.ts'
import { sessionOf } from './entry-story.ts'

const EntryPage = pageOf(AuditLogEntry)
const Verification = z.object({ verdict: AuditVerdict })

const ENTRIES_A_PAGE = 100
const LOOK_AGAIN_MS = 5000

/** How far around an entry its story is looked for. */
const STORY_BEFORE = 200
const STORY_AFTER = 500

const keys = {
  entries: (query: string) => ['audit', 'entries', query],
  story: (seq: number) => ['audit', 'story', seq],
  chain: ['audit', 'chain'],
} as const

/** The entries that fit, newest first, page by page. */
export function useAuditEntries(filters: AuditFilters) {
  const query = queryOf(filters)
  query.set('limit', String(ENTRIES_A_PAGE))
  const firstPage: string | null = null
  return useInfiniteQuery({
    queryKey: keys.entries(query.toString()),
    initialPageParam: firstPage,
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => entries(query, pageParam, signal),
    getNextPageParam: (page) => page.nextCursor,
    select: (data) => data.pages.flatMap((page) => page.items),
    staleTime: 0,
  })
}

/** What is about the same session or thing as an entry, in order. */
export function useAround(entry: AuditLogEntry) {
  const about = sessionOf(entry) ?? entry.subject
  return useQuery({
    queryKey: keys.story(entry.seq),
    enabled: about !== null,
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const [before, after] = await Promise.all([
        entries(new URLSearchParams({ about: about ?? '', limit: String(STORY_BEFORE) }), String(entry.seq + 1), signal),
        entries(new URLSearchParams({ about: about ?? '', limit: String(STORY_AFTER) }), String(entry.seq + 1 + STORY_AFTER), signal),
      ])
      return [...before.items.toReversed(), ...after.items.filter(({ seq }) => seq > entry.seq).toReversed()]
    },
  })
}

/** How the log is kept, and what the last check of it found. */
export function useChain() {
  return useQuery({
    queryKey: keys.chain,
    queryFn: ({ signal }) => api.get('/api/audit/verification', AuditState, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? LOOK_AGAIN_MS : false),
  })
}

/** Whether something that is handed on has yet to arrive. */
function isUnderWay(state: AuditState | undefined): boolean {
  const forward = state?.forward ?? null
  return forward !== null && (forward.behind > 0 || forward.failing !== null)
}

export function useCheckChain() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async () => (await api.post('/api/audit/verification', {}, Verification)).verdict,
    onSuccess: (verdict) => {
      queryClient.setQueryData<AuditState>(keys.chain, (state) => state && { ...state, verdict })
      return queryClient.invalidateQueries({ queryKey: keys.chain })
    },
  })
}

function entries(query: URLSearchParams, cursor: string | null, signal: AbortSignal) {
  const wanted = new URLSearchParams(query)
  if (cursor !== null) wanted.set('cursor', cursor)
  return api.get(`/api/audit?${wanted.toString()}`, EntryPage, signal)
}
