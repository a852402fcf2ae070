import type { QueryClient } from '@tanstack/react-query'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ChangePassword } from '#protocol/auth'
import type { StepUpRequest } from '#protocol/factors'
import { FactorOverview, Freshness, Passkey, PasskeyChallenge, RecoveryCodes, TotpEnrolment } from '#protocol/factors'
import type { LoginId, PasskeyId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import type { Login } from '#protocol/logins'
import { Login as LoginSchema } from '#protocol/logins'
import { api, NoContent } from '../../lib/api.ts'
import { makePasskey, provePasskey } from '../../lib/passkeys.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { withStepUp } from '../../lib/step-up.ts'
import { passkeyText, twoFactorText } from './text-account.ts'

/*
 * Nothing here is optimistic: what is shown is what the server has confirmed. `gcTime: 0` forgets what was sent, which
 * may be a secret, as soon as the form that sent it is gone.
 */

const LoginPage = pageOf(LoginSchema)

/** The second factors, and what a step-up takes. */
export function useFactors() {
  return useQuery({
    queryKey: queryKeys.factors,
    queryFn: ({ signal }) => api.get('/api/auth/factors', FactorOverview, signal),
    staleTime: 0,
  })
}

/** The devices that are signed in: this one first, then the last used. */
export function useLogins() {
  return useQuery({
    queryKey: queryKeys.logins,
    queryFn: async ({ signal }) => (await api.get('/api/auth/logins', LoginPage, signal)).items,
    select: currentFirst,
    staleTime: 0,
  })
}

/** What somebody offers as a fresh proof. A passkey is asked for when the proof is sent. */
export type Proof = Pick<StepUpRequest, 'password' | 'code'> | 'passkey'

/** Gives a fresh proof. */
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

export function useChangePassword() {
  const queryClient = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (change: ChangePassword) => api.post('/api/auth/password', change, NoContent),
    onSuccess: () => refresh(queryClient),
  })
}

/** Makes the secret of an authenticator app; nothing is in force before a code confirmed it. */
export function useEnrolTotp() {
  return useMutation({
    gcTime: 0,
    mutationFn: () => withStepUp(() => api.post('/api/auth/factors/totp', {}, TotpEnrolment), twoFactorText.reasons.setUp),
  })
}

export function useConfirmTotp() {
  const queryClient = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (code: string) =>
      withStepUp(() => api.post('/api/auth/factors/totp/confirm', { code }, RecoveryCodes), twoFactorText.reasons.setUp),
    onSuccess: () => refresh(queryClient),
  })
}

export function useTurnOffTotp() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => withStepUp(() => api.delete('/api/auth/factors/totp'), twoFactorText.reasons.turnOff),
    onSuccess: () => refresh(queryClient),
  })
}

export function useNewRecoveryCodes() {
  const queryClient = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: () => withStepUp(() => api.post('/api/auth/factors/recovery-codes', {}, RecoveryCodes), twoFactorText.reasons.newCodes),
    onSuccess: () => refresh(queryClient),
  })
}

/** Has the browser make a passkey and keeps it under this name. */
export function useAddPasskey() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async (name: string) => {
      const challenge = await withStepUp(
        () => api.post('/api/auth/factors/passkeys/challenge', {}, PasskeyChallenge),
        passkeyText.addReason,
      )
      const body = { challengeId: challenge.challengeId, response: await makePasskey(challenge), name }
      return withStepUp(() => api.post('/api/auth/factors/passkeys', body, Passkey), passkeyText.addReason)
    },
    onSuccess: () => refresh(queryClient),
  })
}

export function useRenamePasskey(id: PasskeyId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => api.patch(`/api/auth/factors/passkeys/${id}`, { name }, Passkey),
    onSuccess: () => refresh(queryClient),
  })
}

export function useRemovePasskey(id: PasskeyId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => withStepUp(() => api.delete(`/api/auth/factors/passkeys/${id}`), passkeyText.removeReason),
    onSuccess: () => refresh(queryClient),
  })
}

/** `onEnded` is called once the list is without it, also when the row that asked is gone by then. */
export function useEndLogin(id: LoginId, onEnded: () => void) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(`/api/auth/logins/${id}`),
    onSuccess: async () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.notices })
      await refresh(queryClient)
      onEnded()
    },
    // One that was gone already is no longer in the list.
    onError: () => refresh(queryClient),
  })
}

export function useEndOtherLogins() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.post('/api/auth/logins/end-others', {}, NoContent),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.notices }),
    onSettled: () => refresh(queryClient),
  })
}

/** Resolves once the lists on the screen are those of the server again. */
async function refresh(queryClient: QueryClient): Promise<void> {
  await Promise.all([queryKeys.factors, queryKeys.logins].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}

function currentFirst(logins: Login[]): Login[] {
  return logins.toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt))
}
