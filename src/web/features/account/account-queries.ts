import { useMutation, useQuery } from '@tanstack/react-query'
import type { StepUpRequest } from '#protocol/factors'
import { FactorOverview, Freshness, PasskeyChallenge } from '#protocol/factors'
import { api } from '../../lib/api.ts'
import { provePasskey } from '../../lib/passkeys.ts'
import { queryKeys } from '../../lib/query-keys.ts'

/** The second factors, and what a step-up takes. */
export function useFactors() {
  return useQuery({
    queryKey: queryKeys.factors,
    queryFn: ({ signal }) => api.get('/api/auth/factors', FactorOverview, signal),
    staleTime: 0,
  })
}

/** What somebody offers as a fresh proof. A passkey is asked for when the proof is sent. */
export type Proof = Pick<StepUpRequest, 'password' | 'code'> | 'passkey'

/** Gives a fresh proof. Nothing of it stays in memory longer than the form that asked. */
export function useStepUp() {
  return useMutation({
    gcTime: 0,
    mutationFn: async (proof: Proof) => {
      const body = proof === 'passkey' ? { passkey: await answerChallenge() } : proof
      return api.post('/api/auth/step-up', body, Freshness)
    },
  })
}

async function answerChallenge() {
  const challenge = await api.post('/api/auth/step-up/challenge', {}, PasskeyChallenge)
  return { challengeId: challenge.challengeId, response: await provePasskey(challenge) }
}
