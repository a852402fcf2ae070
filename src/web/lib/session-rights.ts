import { createContext, useContext } from 'react'
import type { User } from '#protocol/auth'
import type { Scope } from '#protocol/permissions'
import { ROLE_SCOPES } from '#protocol/permissions'
import type { Session } from '#protocol/sessions'

/** What the person at the screen may do in one session. */
export interface SessionRights {
  /** Name of whoever started it; null for oneself. */
  startedBy: string | null
  /** Whether prompts, interrupts, name and settings are theirs. */
  maySteer: boolean
  /** Whether what waits in it waits for them. */
  mayDecide: boolean
}

/** Whether the role allows it. Without a user the server lets everyone in, and everything is allowed. */
export function userCan(user: User | null, scope: Scope): boolean {
  return user === null || ROLE_SCOPES[user.role].includes(scope)
}

/** A session belongs to whoever started it; the others may watch, whatever their role. */
export function rightsIn({ startedBy }: Pick<Session, 'startedBy'>, user: User | null): SessionRights {
  if (user !== null && startedBy !== undefined && startedBy.id !== user.id) {
    return { startedBy: startedBy.username, maySteer: false, mayDecide: false }
  }
  return { startedBy: null, maySteer: userCan(user, 'chat'), mayDecide: userCan(user, 'approve') }
}

const OWN: SessionRights = { startedBy: null, maySteer: true, mayDecide: true }

export const SessionRightsContext = createContext(OWN)

/** The rights in the session that is on the screen. */
export function useSessionRights(): SessionRights {
  return useContext(SessionRightsContext)
}
