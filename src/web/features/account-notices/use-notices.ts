import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { LoginId, NoticeId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import type { AccountNotice } from '#protocol/logins'
import { Login } from '#protocol/logins'
import { api, NoContent } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const LoginPage = pageOf(Login)

/** The login of this device; undefined while it is asked for, null where it is not known. */
export function useCurrentLogin(isNeeded: boolean): LoginId | null | undefined {
  const { data, isPending } = useQuery({
    queryKey: [...queryKeys.logins, 'current'],
    queryFn: async ({ signal }) => (await api.get('/api/auth/logins', LoginPage, signal)).items.find(({ current }) => current)?.id ?? null,
    enabled: isNeeded,
    // A page never changes its login.
    staleTime: Number.POSITIVE_INFINITY,
  })
  return isNeeded && isPending ? undefined : (data ?? null)
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
