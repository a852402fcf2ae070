import type { ClientMessage } from '#protocol/messages'
import type { Scope } from '#protocol/permissions'
import type { RateClass } from '../platform/rate-classes.ts'

/**
 * `public`: no credential at all. `signed-in`: any credential. `account`: somebody's own account, through a login of
 * theirs and never through an API key. Else the scope that role and credential must both have.
 */
export type Permission = 'public' | 'signed-in' | 'account' | Scope

export interface Rule {
  permission: Permission
  /** Needs a login whose holder proved within the last five minutes who they are. */
  stepUp: boolean
  /** By what it is counted; reading or writing, by its method, unless given. What is public always says so. */
  rate?: RateClass
}

/*
 * The one table of who may do what (ASVS 8.1.1). A route or message that is not in it does not exist: a route without a
 * line ends the start, a message without one does not compile.
 */

export const ROUTE_RULES: Readonly<Record<string, Rule>> = {
  'GET /health': needs('public', 'anonymous'),
  'GET /ready': needs('public', 'anonymous'),
  'GET /openapi.json': needs('public', 'anonymous'),

  'GET /auth/status': needs('public', 'anonymous'),
  'POST /auth/register': needs('public', 'sign-in'),
  'POST /auth/login': needs('public', 'sign-in'),
  'POST /auth/refresh': needs('public', 'anonymous'),
  'POST /auth/passkeys/challenge': needs('public', 'sign-in'),
  'POST /auth/passkeys/login': needs('public', 'sign-in'),
  'POST /auth/invitations/inspect': needs('public', 'sign-in'),
  'POST /auth/invitations/accept': needs('public', 'sign-in'),

  'GET /auth/user': needs('signed-in'),
  'POST /auth/ws-ticket': needs('signed-in'),

  'POST /auth/logout': needs('account'),
  'POST /auth/logout-all': needs('account'),
  'POST /auth/password': needs('account', 'costly'),
  'GET /auth/logins': needs('account'),
  'DELETE /auth/logins/:loginId': needs('account'),
  'POST /auth/logins/end-others': needs('account'),
  'GET /auth/notices': needs('account'),
  'POST /auth/notices/read': needs('account'),
  'GET /auth/factors': needs('account'),
  'POST /auth/factors/totp': stepUp('account'),
  'POST /auth/factors/totp/confirm': stepUp('account'),
  'DELETE /auth/factors/totp': stepUp('account'),
  'POST /auth/factors/recovery-codes': stepUp('account'),
  'POST /auth/factors/passkeys/challenge': stepUp('account'),
  'POST /auth/factors/passkeys': stepUp('account'),
  'PATCH /auth/factors/passkeys/:passkeyId': needs('account'),
  'DELETE /auth/factors/passkeys/:passkeyId': stepUp('account'),
  'POST /auth/step-up/challenge': needs('account'),
  'POST /auth/step-up': needs('account', 'costly'),
  'GET /keys': needs('account'),
  'POST /keys': stepUp('account'),
  'DELETE /keys/:keyId': needs('account'),

  'GET /users': needs('admin'),
  'PATCH /users/:userId': stepUp('admin'),
  'DELETE /users/:userId': stepUp('admin'),
  'GET /users/invitations': needs('admin'),
  'POST /users/invitations': stepUp('admin'),
  'DELETE /users/invitations/:invitationId': needs('admin'),

  'GET /audit': needs('admin', 'costly'),
  'GET /audit/verification': needs('admin'),
  'POST /audit/verification': needs('admin', 'costly'),
  'GET /audit/export': needs('admin', 'costly'),

  // It tells where the walls are thin.
  'GET /security/posture': stepUp('admin', 'costly'),

  'GET /policy': needs('read'),
  'PUT /policy': stepUp('admin'),
  'DELETE /policy/rules/:ruleId': needs('approve'),
  'POST /policy/test': needs('read', 'costly'),
  'POST /policy/replay': needs('approve', 'costly'),

  'GET /providers': needs('read'),
  'GET /projects': needs('read'),
  'POST /projects': needs('files'),
  'GET /projects/:projectId': needs('read'),
  // Trust lets a folder's own settings and hooks act for the agent.
  'PATCH /projects/:projectId': needs('approve'),
  'DELETE /projects/:projectId': needs('files'),
  'GET /folders': needs('files'),
  'GET /projects/:projectId/sessions': needs('read'),
  'GET /sessions': needs('read'),
  'GET /sessions/:sessionId': needs('read'),
  'PATCH /sessions/:sessionId': needs('chat'),
  'GET /sessions/:sessionId/events': needs('read'),
  'GET /approvals': needs('read'),
  'GET /approvals/decided': needs('read'),
  'POST /approvals/:requestId': needs('approve'),
  'POST /approvals/:requestId/extend': needs('approve'),
  'GET /approvals/freeze': needs('read'),
  // Stopping must not wait for a proof of who it is; letting go on does.
  'POST /approvals/freeze': needs('admin'),
  'DELETE /approvals/freeze': stepUp('admin'),
}

export const SOCKET_RULES: Readonly<Record<string, Rule>> = {
  '/ws': needs('read'),
}

export const MESSAGE_RULES: Readonly<Record<ClientMessage['type'], Rule>> = {
  'session-start': needs('chat'),
  'session-prompt': needs('chat'),
  'session-interrupt': needs('chat'),
  'session-subscribe': needs('read'),
  'session-unsubscribe': needs('read'),
  'claude-permission-response': needs('approve'),
  'codex-permission-response': needs('approve'),
  'permission-extend': needs('approve'),
  ping: needs('signed-in'),
}

/** By what requests of a route are counted, unless its line says otherwise. */
export function rateClassOf(method: string, { rate }: Rule): RateClass {
  return rate ?? (method === 'GET' ? 'reading' : 'writing')
}

function needs(permission: Permission, rate?: RateClass): Rule {
  return { permission, stepUp: false, ...(rate === undefined ? {} : { rate }) }
}

function stepUp(permission: Permission, rate?: RateClass): Rule {
  return { permission, stepUp: true, ...(rate === undefined ? {} : { rate }) }
}
