import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FreezeState } from '#protocol/approvals'
import { api } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { freezeText } from './text-freeze.ts'

const PATH = '/api/approvals/freeze'

/** Freezes with a reason, which may be empty, or releases. */
export function useSetFreeze() {
  const queryClient = useQueryClient()
  const onSuccess = (state: FreezeState) => queryClient.setQueryData(queryKeys.freeze, state)
  const freeze = useMutation({
    mutationFn: (reason: string) => api.post(PATH, reason === '' ? {} : { reason }, FreezeState),
    onSuccess,
  })
  const release = useMutation({
    mutationFn: () => withStepUp(() => api.deleteForAnswer(PATH, FreezeState), freezeText.proof),
    onSuccess,
  })
  return { freeze, release }
}
