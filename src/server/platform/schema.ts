import type { ColumnType } from 'kysely'
import type {
  ApiKeyId,
  ChallengeId,
  InvitationId,
  LoginId,
  NoticeId,
  PasskeyId,
  ProjectId,
  ProviderId,
  RequestId,
  SessionId,
  UserId,
} from '#protocol/ids'
import type { LoginMethod, NoticeKind } from '#protocol/logins'
import type { PermissionMode } from '#protocol/providers'
import type { SessionState } from '#protocol/sessions'

/*
 * The tables, the same on SQLite and PostgreSQL. Times are ISO 8601 text in UTC with milliseconds, so that they sort as
 * they read; truth values are 0 and 1; documents are JSON text, parsed by the repository that owns the table.
 */

/** Set once, at insert. */
type Fixed<T> = ColumnType<T, T, never>

export interface UsersTable {
  id: Fixed<UserId>
  username: string
  /** The name as compared: NFKC, lower case. */
  username_key: string
  password_hash: string
  role: 'owner' | 'member' | 'viewer'
  created_at: Fixed<string>
  last_login_at: string | null
  disabled_at: string | null
  /** Removed for good: the row stays for what the user left behind; name and password are gone. */
  removed_at: string | null
  password_changed_at: string | null
}

export interface PasswordHistoryTable {
  id: Fixed<string>
  user_id: Fixed<UserId>
  password_hash: Fixed<string>
  /** When it stopped being the password. */
  retired_at: Fixed<string>
}

export interface LoginsTable {
  id: Fixed<LoginId>
  user_id: Fixed<UserId>
  device: string
  address: string
  created_at: Fixed<string>
  last_used_at: string
  expires_at: string
  ended_at: string | null
  end_reason: string | null
  method: Fixed<LoginMethod>
  /** When its holder last proved who they are. */
  fresh_at: string
}

export interface RefreshTokensTable {
  /** SHA-256 of the token, hex. */
  hash: Fixed<string>
  login_id: Fixed<LoginId>
  created_at: Fixed<string>
  /** When it was exchanged for the next one. */
  used_at: string | null
  /** SHA-256 of the caller's own id of that exchange: the same attempt sent again gets the same answer. */
  attempt_hash: string | null
}

/** Of a login or of an API key, never of both. */
export interface WsTicketsTable {
  hash: Fixed<string>
  login_id: Fixed<LoginId | null>
  api_key_id: Fixed<ApiKeyId | null>
  expires_at: Fixed<string>
}

/** Failed sign-ins by address, account or trusted device. */
export interface LoginThrottlesTable {
  /** Kind and SHA-256 of what is counted: names that people type may be passwords. */
  key: Fixed<string>
  failures: number
  last_failure_at: string
  blocked_until: string | null
}

/** Browsers that signed in before: strangers' failures do not slow them down. */
export interface TrustedDevicesTable {
  /** SHA-256 of the cookie's value, hex. */
  hash: Fixed<string>
  user_id: Fixed<UserId>
  created_at: Fixed<string>
  last_used_at: string
  expires_at: string
}

export interface NoticesTable {
  id: Fixed<NoticeId>
  user_id: Fixed<UserId>
  at: Fixed<string>
  kind: Fixed<NoticeKind>
  device: Fixed<string | null>
  address: Fixed<string | null>
  login_id: Fixed<LoginId | null>
  /** JSON object. */
  facts: Fixed<string>
  read_at: string | null
}

export interface TotpSecretsTable {
  user_id: Fixed<UserId>
  /** Base32. */
  secret: string
  created_at: string
  /** Null: not in force until a code confirmed it. */
  confirmed_at: string | null
  /** The 30-second step of the last code that was accepted; none at or before it is accepted again. */
  last_step: number
}

export interface RecoveryCodesTable {
  user_id: Fixed<UserId>
  /** SHA-256 of the code, hex. */
  hash: Fixed<string>
  created_at: Fixed<string>
  used_at: string | null
}

export interface PasskeysTable {
  id: Fixed<PasskeyId>
  user_id: Fixed<UserId>
  name: string
  /** The authenticator's own id, base64url. */
  credential_id: Fixed<string>
  /** COSE key, base64url. */
  public_key: Fixed<string>
  counter: number
  /** JSON array. */
  transports: Fixed<string>
  rp_id: Fixed<string>
  backed_up: number
  created_at: Fixed<string>
  last_used_at: string | null
}

/** WebAuthn ceremonies that wait for their answer. */
export interface ChallengesTable {
  id: Fixed<ChallengeId>
  purpose: Fixed<'sign-in' | 'second-factor' | 'step-up' | 'enrol'>
  user_id: Fixed<UserId | null>
  /** Base64url. */
  challenge: Fixed<string>
  rp_id: Fixed<string>
  origin: Fixed<string>
  expires_at: Fixed<string>
}

export interface ApiKeysTable {
  id: Fixed<ApiKeyId>
  user_id: Fixed<UserId>
  name: Fixed<string>
  prefix: Fixed<string>
  /** SHA-256 of the key, hex. */
  hash: Fixed<string>
  /** JSON array. */
  scopes: Fixed<string>
  created_at: Fixed<string>
  expires_at: Fixed<string | null>
  last_used_at: string | null
  revoked_at: string | null
}

export interface InvitationsTable {
  id: Fixed<InvitationId>
  /** SHA-256 of the code, hex. */
  hash: Fixed<string>
  role: Fixed<'member' | 'viewer'>
  created_by: Fixed<UserId>
  created_at: Fixed<string>
  expires_at: Fixed<string>
  used_at: string | null
  used_by: UserId | null
  revoked_at: string | null
}

/** Facts about the installation itself. */
export interface InstallationTable {
  name: Fixed<string>
  value: string
}

export interface ProjectsTable {
  id: Fixed<ProjectId>
  name: string
  path: string
  created_by: Fixed<UserId>
  created_at: Fixed<string>
  last_opened_at: string | null
  trusted_at: string | null
  removed_at: string | null
}

export interface SessionsTable {
  id: Fixed<SessionId>
  user_id: Fixed<UserId>
  project_id: Fixed<ProjectId>
  provider: Fixed<ProviderId>
  native_id: string | null
  title: string
  state: SessionState
  mode: PermissionMode
  model: string | null
  thinking: number | null
  /** JSON of the protocol's Usage. */
  usage: string | null
  last_seq: number
  /** The instance whose child process the agent is; null while there is none. */
  owner: string | null
  /** The `clientId` of the request that made it, to recognise a repetition. */
  client_id: Fixed<string>
  created_at: Fixed<string>
  updated_at: string
}

export interface PromptsTable {
  session_id: Fixed<SessionId>
  client_id: Fixed<string>
  message_id: Fixed<string>
  /** 1 once the session's log holds it; until then the same request again is no repetition. */
  is_logged: number
}

export interface SessionEventsTable {
  session_id: Fixed<SessionId>
  seq: Fixed<number>
  at: Fixed<string>
  /** JSON of the protocol's SessionEvent. */
  event: Fixed<string>
}

export interface ApprovalsTable {
  id: Fixed<RequestId>
  session_id: Fixed<SessionId>
  user_id: Fixed<UserId>
  project_id: Fixed<ProjectId>
  provider: Fixed<ProviderId>
  status: 'pending' | 'allowed' | 'denied' | 'timed-out' | 'cancelled'
  input_hash: Fixed<string>
  /** JSON of the protocol's ApprovalRequest: what was shown, hashed and, unless edited, handed to the agent. */
  request: Fixed<string>
  created_at: Fixed<string>
  expires_at: string | null
  resolved_at: string | null
  /** JSON of the protocol's DecidedBy. */
  resolved_by: string | null
  reason: string | null
  /** JSON of the input as a person edited it. */
  updated_input: string | null
  /** JSON of the grants that were offered with it. */
  offered_grants: Fixed<string>
  /** JSON of the grant that the decision gave to the rest of the session. */
  session_grant: string | null
  /** For an approved plan: the mode to go on in. */
  next_mode: PermissionMode | null
}

export interface AuditLogTable {
  id: Fixed<string>
  at: Fixed<string>
  actor: Fixed<string>
  action: Fixed<string>
  subject: Fixed<string | null>
  address: Fixed<string | null>
  device: Fixed<string | null>
  /** JSON object. */
  details: Fixed<string>
}

export interface AgentProcessesTable {
  pid: Fixed<number>
  /** What tells this process from a later one with the same number. */
  birth: Fixed<string>
  session_id: Fixed<SessionId>
  command: Fixed<string>
  /** What its children inherited, wherever they went. */
  mark: Fixed<string | null>
  started_at: Fixed<string>
}

export interface Tables {
  users: UsersTable
  logins: LoginsTable
  refresh_tokens: RefreshTokensTable
  ws_tickets: WsTicketsTable
  password_history: PasswordHistoryTable
  login_throttles: LoginThrottlesTable
  trusted_devices: TrustedDevicesTable
  notices: NoticesTable
  totp_secrets: TotpSecretsTable
  recovery_codes: RecoveryCodesTable
  passkeys: PasskeysTable
  challenges: ChallengesTable
  api_keys: ApiKeysTable
  invitations: InvitationsTable
  installation: InstallationTable
  projects: ProjectsTable
  sessions: SessionsTable
  prompts: PromptsTable
  session_events: SessionEventsTable
  approvals: ApprovalsTable
  audit_log: AuditLogTable
  agent_processes: AgentProcessesTable
}
