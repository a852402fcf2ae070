import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CreateApiKey } from '#protocol/api-keys'
import { ApiKey, CreatedApiKey } from '#protocol/api-keys'
import type { ApiKeyId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { api } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { createKeyText } from './text-api-keys.ts'

const ApiKeyPage = pageOf(ApiKey)

/** The user's own keys, the newest first. */
export function useApiKeys() {
  return useQuery({
    queryKey: queryKeys.apiKeys,
    queryFn: async ({ signal }) => (await api.get('/api/keys', ApiKeyPage, signal)).items,
    // Other devices make and revoke them, and programs use them.
    staleTime: 0,
  })
}

/** The answer holds the key itself; it is forgotten with the dialog that shows it. */
export function useCreateApiKey() {
  const queryClient = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (key: CreateApiKey) => withStepUp(() => api.post('/api/keys', key, CreatedApiKey), createKeyText.reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  })
}

export function useRevokeApiKey() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id: ApiKeyId) => api.delete(`/api/keys/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  })
}
