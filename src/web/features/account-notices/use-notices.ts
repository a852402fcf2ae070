import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { LoginId, NoticeId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import type { AccountNotice } from '#protocol/logins'
import { Login } from '#protocol/logins'
import { api, NoContent } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const LoginPage = pageOf(Login)

interface KnownLogins {
  /** Of this device; null where it is not known. */
  current: LoginId | null
  /** False for one that has ended. */
  isOpen: (id: LoginId) => boolean
}

/** The account's logins; undefined until they are known or cannot be. */
export function useKnownLogins(isNeeded: boolean): KnownLogins | undefined {
  const { data, isPending, isFetching } = useQuery({
    queryKey: [...queryKeys.logins, 'known'],
    queryFn: async ({ signal }) => (await api.get('/api/auth/logins', LoginPage, signal)).items,
    enabled: isNeeded,
    // Each notice that comes has them asked for anew.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (isNeeded && isPending) return undefined
  return {
    current: data?.find(({ current }) => current)?.id ?? null,
    // One that is not in the list yet may be the very one that is told of.
    isOpen: (id) => data === undefined || isFetching || data.some((login) => login.id === id),
  }
}

/** Takes a notice from the screen at once and tells the server, so that no device shows it again. */
export function useDismissNotice(): (id: NoticeId) => void {
  const queryClient = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: (id: NoticeId) => api.post('/api/auth/notices/read', { ids: [id] }, NoContent),
    onMutate: async (id) => {
      // An answer on its way would bring it back.
      await queryClient.cancelQueries({ queryKey: queryKeys.notices })
      queryClient.setQueryData<AccountNotice[]>(queryKeys.notices, (notices) => notices?.filter((notice) => notice.id !== id))
    },
    // One that the server did not take comes again.
    onError: () => queryClient.invalidateQueries({ queryKey: queryKeys.notices }),
  })
  return mutate
}

/** Ends another device's login. */
export function useEndLogin() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id: LoginId) => api.delete(`/api/auth/logins/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.logins }),
  })
}
