/** What the audit log tells of, by action, with what it means. */
const AUDIT_ACTIONS = {
  'server.started': 'The server started.',
  'server.stopped': 'The server ended in order.',
  'config.changed': 'The server started with other settings than before; holds their names, never their values.',
  'platform.started': 'The server serves without a login, in platform mode.',
  'platform.user_created': 'The account that serves all requests of platform mode was made.',
  'auth.registered': 'The first account was made.',
  'auth.register_refused': 'Somebody tried to make the first account with a wrong setup code.',
  'auth.login': 'Somebody signed in.',
  'auth.login_failed': 'A sign-in failed.',
  'auth.login_limited': 'Sign-ins to an account or from a network are delayed after failures.',
  'auth.factor_asked': 'A right password was given and a second factor asked for.',
  'auth.login_ended': 'A login was ended from another device.',
  'auth.other_logins_ended': 'All other logins of a user were ended.',
  'auth.login_displaced': 'A user signed in on more devices than can be signed in at once: the one longest unused was signed out.',
  'auth.logout': 'Somebody signed out.',
  'auth.logout_all': 'Somebody signed out everywhere.',
  'auth.refresh_reused': 'A refresh token was used twice: a copy of it exists. The login was ended.',
  'auth.refresh_refused': 'A refresh cookie came without the half that the browser keeps for it: a copy, or one that was planted.',
  'auth.password_changed': 'A user changed their password.',
  'auth.password_change_failed': 'A change of password failed on the present password.',
  'auth.step_up': 'Somebody proved again that it is them.',
  'auth.step_up_failed': 'Somebody failed to prove again that it is them.',
  'auth.totp_enabled': 'A user turned codes from an app on.',
  'auth.totp_disabled': 'A user turned codes from an app off.',
  'auth.recovery_codes_made': 'A user made new recovery codes.',
  'auth.recovery_code_used': 'A recovery code was used up.',
  'auth.passkey_added': 'A user added a passkey.',
  'auth.passkey_renamed': 'A user renamed a passkey.',
  'auth.passkey_removed': 'A user removed a passkey.',
  'access.refused': 'Somebody was not let in, or may not do what they tried.',
  'access.refusals_counted': 'More was refused within a minute than is written down one by one; holds how much of what.',
  'apikey.created': 'An API key was made.',
  'apikey.first_used': 'An API key was used for the first time.',
  'apikey.revoked': 'An API key was revoked.',
  'apikey.refused': 'An API key that is unknown, expired or revoked was used.',
  'keys.rotated': 'The key that signs access tokens was replaced.',
  'backup.made': 'A backup of the installation was begun.',
  'backup.restored': 'A backup was restored, and all logins were ended. What happened after it was made is not in this log.',
  'user.invited': 'An invitation was made.',
  'user.invitation_accepted': 'Somebody made an account with an invitation.',
  'user.invitation_refused': 'Somebody used an invitation that is not valid.',
  'user.invitation_revoked': 'An invitation was taken back.',
  'user.role_changed': 'A user has another role.',
  'user.enabled': 'An account may sign in again.',
  'user.disabled': 'An account may not sign in any more.',
  'user.removed': 'An account was deleted.',
  'user.password_reset': 'A password was reset on the host.',
  'user.factors_reset': 'The second factors of an account were removed on the host.',
  'project.added': 'A folder was opened to agents.',
  'project.renamed': 'A project has another name.',
  'project.trusted': 'The settings and hooks of a project’s folder hold for agents.',
  'project.distrusted': 'The settings and hooks of a project’s folder are ignored.',
  'project.timeout_changed': 'The requests of a project’s agents wait for another time.',
  'project.removed': 'A folder is closed to agents.',
  'session.started': 'Somebody started a session.',
  'session.prompted': 'Somebody sent a prompt; holds its length and its SHA-256, not its text.',
  'session.interrupted': 'Somebody stopped a turn.',
  'session.mode_changed': 'A session has another permission mode; holds until when it skips approvals, and why that ended.',
  'session.updated': 'Title, mode or model of a session changed.',
  'approval.requested': 'An agent asked for leave to use a tool.',
  'approval.allowed': 'A tool call was allowed.',
  'approval.denied': 'A tool call was denied.',
  'approval.timed-out': 'Nobody decided on a tool call in time: it was denied.',
  'approval.cancelled': 'A tool call that waited was withdrawn.',
  'approval.extended': 'A request was given more time.',
  'approvals.frozen': 'Every agent was frozen: nothing runs and nothing is allowed until an owner releases them.',
  'approvals.unfrozen': 'Agents were released again.',
  'policy.changed': 'The policy was replaced; holds the rules that were added, changed and removed.',
  'policy.rule_added': 'A person who allowed a call had that remembered as a rule.',
  'policy.rule_removed': 'A rule of the policy was taken away.',
  'policy.rule_expired': 'A rule of the policy reached its end and was taken away.',
  'tool.ended': 'A tool call that was asked for ended; holds its outcome, and hash and size of its output.',
  'audit.segment_sealed': 'Old entries were moved from the database to a sealed file beside it.',
  'audit.break_found': 'The log is not what was signed before: an entry was changed or removed. Holds the checkpoint that says so.',
  'audit.exported': 'The audit log was exported.',
  'security.examined':
    'Somebody had the security checklist answered; refusals from this machine in the minutes around it are its own questions.',
} as const

/** Everything that the audit log tells of. */
export type AuditAction = keyof typeof AUDIT_ACTIONS

export const AUDIT_ACTION_NAMES: readonly AuditAction[] = Object.keys(AUDIT_ACTIONS).filter(isAuditAction)

type AreaOf<Action> = Action extends `${infer Area}.${string}` ? Area : never

/** What an action is called before the dot: `auth`, `approval` … */
export type AuditArea = AreaOf<AuditAction>

/** What an action means, as a sentence; null for one of a later version. */
export function auditMeaning(action: string): string | null {
  return isAuditAction(action) ? AUDIT_ACTIONS[action] : null
}

function isAuditAction(action: string): action is AuditAction {
  return Object.hasOwn(AUDIT_ACTIONS, action)
}
