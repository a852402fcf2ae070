import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RuleId } from '#protocol/ids'
import type { PolicyTest, ReplacePolicy, ReplayRule } from '#protocol/policy'
import { Policy, PolicyVerdict, RuleReplay } from '#protocol/policy'
import { api } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { policyText } from './text-policy.ts'

/** The policy, as far as it concerns whoever asks. */
export function usePolicy() {
  return useQuery({
    queryKey: queryKeys.policy,
    queryFn: ({ signal }) => api.get('/api/policy', Policy, signal),
    // Others save rules, also from approval cards.
    staleTime: 0,
  })
}

/** Reads the policy as it is now, for whoever learned that theirs is stale. */
export function useLatestPolicy() {
  const queryClient = useQueryClient()
  return () => queryClient.query({ queryKey: queryKeys.policy, queryFn: () => api.get('/api/policy', Policy), staleTime: 0 })
}

export function useSavePolicy() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (document: ReplacePolicy) => withStepUp(() => api.put('/api/policy', document, Policy), policyText.reason),
    onSuccess: (policy) => queryClient.setQueryData(queryKeys.policy, policy),
  })
}

/** What the saved policy says of a call. */
export function useTestCall() {
  return useMutation({ mutationFn: (call: PolicyTest) => api.post('/api/policy/test', call, PolicyVerdict) })
}

/** What a rule would have covered in a project. */
export function useReplay() {
  return useMutation({ mutationFn: (body: ReplayRule) => api.post('/api/policy/replay', body, RuleReplay) })
}

/** Takes a rule of one's own away. */
export function useRemoveRule() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id: RuleId) => api.delete(`/api/policy/rules/${id}`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.policy })
      // The row that had the focus is gone.
      document.getElementById('rules-title')?.focus()
    },
  })
}
