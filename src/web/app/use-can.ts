import type { Scope } from '#protocol/permissions'
import { userCan } from '../lib/session-rights.ts'
import { useSignedIn } from './signed-in-context.ts'

/** Whether the role of whoever is signed in allows it. What it does not is not offered. */
export function useCan(scope: Scope): boolean {
  return userCan(useSignedIn().user, scope)
}

/** Whether there are users to manage, and this person may. */
export function useManagesUsers(): boolean {
  const isOwner = useCan('admin')
  const { status } = useSignedIn()
  return isOwner && !status.platformMode
}
