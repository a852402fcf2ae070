import type { SessionId, UserId } from '#protocol/ids'

/** Names of the bus's topics, in one place so that publisher and subscriber cannot differ. */

/** Finished WebSocket frames for every connection of one user. */
export function userTopic(userId: UserId): string {
  return `user:${userId}`
}

/** Finished WebSocket frames for every connection. */
export const EVERYONE = 'everyone'

/** Finished `sessions-updated` frames for whoever reads their own sessions alone. */
export function ownSessionsTopic(userId: UserId): string {
  return `sessions:${userId}`
}

/** The same frames for whoever reads all sessions. */
export const ALL_SESSIONS = 'sessions'

/** New events of one session, as SessionLog encodes them. */
export function sessionTopic(sessionId: SessionId): string {
  return `session:${sessionId}`
}

/** Carries the id of an approval request that was decided. */
export const APPROVAL_RESOLVED = 'approval-resolved'

/** Somebody's access ended or changed: `login:<id>`, `user:<id>` or `api-key:<id>`. Sockets close, caches forget. */
export const ACCESS_ENDED = 'access-ended'

/** Something about a login changed while it goes on, such as its freshness: caches forget it. Carries the login's id. */
export const LOGIN_CHANGED = 'login-changed'

/** The policy was changed: whoever holds it in memory reads it again. */
export const POLICY_CHANGED = 'policy-changed'
