import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { InvitationId, UserId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import type { CreateInvitation, UpdateUser } from '#protocol/users'
import { CreatedInvitation, Invitation, ManagedUser } from '#protocol/users'
import { api } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { usersText } from './text-users.ts'

const UserPage = pageOf(ManagedUser)
const InvitationPage = pageOf(Invitation)

const USERS_AT_MOST = 1000

/** An invitation is taken and a device signs in without this page being told. */
const REFETCH_MS = 15_000

/** All users. */
export function useUsers() {
  return useQuery({
    queryKey: queryKeys.users,
    queryFn: async ({ signal }) => (await api.get(`/api/users?limit=${USERS_AT_MOST}`, UserPage, signal)).items,
    staleTime: 0,
    refetchInterval: REFETCH_MS,
  })
}

/** The invitations that can still be taken. */
export function useInvitations() {
  return useQuery({
    queryKey: queryKeys.invitations,
    queryFn: async ({ signal }) => (await api.get('/api/users/invitations', InvitationPage, signal)).items,
    staleTime: 0,
    refetchInterval: REFETCH_MS,
  })
}

export function useUpdateUser(id: UserId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: UpdateUser) => withStepUp(() => api.patch(`/api/users/${id}`, change, ManagedUser), usersText.reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.users }),
  })
}

export function useRemoveUser(id: UserId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => withStepUp(() => api.delete(`/api/users/${id}`), usersText.reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.users }),
  })
}

/** The answer holds the code of the link; it is forgotten with the dialog that shows it. */
export function useInvite() {
  const queryClient = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (invitation: CreateInvitation) =>
      withStepUp(() => api.post('/api/users/invitations', invitation, CreatedInvitation), usersText.reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.invitations }),
  })
}

export function useRevokeInvitation(id: InvitationId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(`/api/users/invitations/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.invitations }),
  })
}
