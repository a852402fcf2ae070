import { useQuery } from '@tanstack/react-query'
import { Posture } from '#protocol/posture'
import { api } from '../../lib/api.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { postureText } from './text-security.ts'

/** What doctor finds now. Asked once for each visit, and again when a person asks. */
export function usePosture() {
  return useQuery({
    queryKey: ['security', 'posture'],
    queryFn: ({ signal }) => withStepUp(() => api.get('/api/security/posture', Posture, signal), postureText.reason),
    staleTime: Infinity,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
    retry: false,
  })
}
