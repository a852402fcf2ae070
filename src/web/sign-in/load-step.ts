import type { z } from 'zod/mini'
import type { AuthStatus } from '#protocol/auth'
import { InspectedInvitation } from '#protocol/users'
import { isAccessKeyNeeded } from '../lib/access-key.ts'
import { ApiError, messageOf } from '../lib/api-error.ts'
import { fetchAuthStatus } from '../lib/auth-status.ts'
import { sendRequest } from '../lib/http-request.ts'
import { setPlatformMarker } from '../lib/signed-in-marker.ts'
import { continueUnlessJustTried } from './continue-to-app.ts'
import type { HalfWay } from './sign-in-form.tsx'

export type Invitation = z.infer<typeof InspectedInvitation>

/** What the page shows. */
export type Step =
  | { name: 'loading' }
  | { name: 'failed'; message: string }
  | { name: 'access-key' }
  | { name: 'setup'; demo: boolean }
  | { name: 'sign-in'; demo: boolean; username: string; message: string | null }
  | { name: 'factor'; halfWay: HalfWay; demo: boolean }
  | { name: 'invitation'; code: string; invitation: Invitation }
  | { name: 'void-invitation'; demo: boolean }

/** Asks the server what is needed here. @param invitation the code of the link; empty without one */
export async function loadStep(invitation: string): Promise<Step> {
  try {
    const status = await fetchAuthStatus()
    if (status.platformMode) setPlatformMarker()
    if ((status.authenticated || status.platformMode) && continueUnlessJustTried()) return { name: 'loading' }
    if (status.needsSetup) return { name: 'setup', demo: status.demo }
    if (invitation !== '') return await invitationStep(invitation, status)
    return signInStep(status.demo)
  } catch (error) {
    return isAccessKeyNeeded(error) ? { name: 'access-key' } : { name: 'failed', message: messageOf(error) }
  }
}

export function signInStep(demo: boolean, { username = '', message = null }: { username?: string; message?: string | null } = {}): Step {
  return { name: 'sign-in', demo, username, message }
}

async function invitationStep(code: string, { demo }: AuthStatus): Promise<Step> {
  try {
    const answer = await sendRequest({ method: 'POST', path: '/api/auth/invitations/inspect', body: { code } })
    return { name: 'invitation', code, invitation: InspectedInvitation.parse(answer) }
  } catch (error) {
    if (isVoid(error)) return { name: 'void-invitation', demo }
    throw error
  }
}

/** Every answer that another try would not change. */
function isVoid(error: unknown): boolean {
  return error instanceof ApiError && [400, 403, 404, 409, 410].includes(error.status)
}
