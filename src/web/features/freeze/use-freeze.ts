import { useQuery } from '@tanstack/react-query'
import { FreezeState } from '#protocol/approvals'
import { api } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

/** Whether everything is frozen, kept as the server tells. */
export function useFreeze(): FreezeState | undefined {
  return useQuery({ queryKey: queryKeys.freeze, queryFn: ({ signal }) => api.get('/api/approvals/freeze', FreezeState, signal) }).data
}
