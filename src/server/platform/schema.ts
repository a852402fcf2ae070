import type { ColumnType } from 'kysely'
import type { ProjectId, ProviderId, RequestId, SessionId, UserId } from '#protocol/ids'
import type { AgentMode, PermissionMode } from '#protocol/providers'
import type { SessionState } from '#protocol/sessions'
import type {
  ApiKeysTable,
  ChallengesTable,
  InstallationTable,
  InvitationsTable,
  LoginThrottlesTable,
  LoginsTable,
  NoticesTable,
  PasskeysTable,
  PasswordHistoryTable,
  RecoveryCodesTable,
  RefreshTokensTable,
  TotpSecretsTable,
  TrustedDevicesTable,
  UsersTable,
  WsTicketsTable,
} from './schema-accounts.ts'
import type { AuditCheckpointsTable, AuditForwardsTable, AuditLogTable, AuditSegmentsTable } from './schema-audit.ts'
import type { PolicyRulesTable, PolicyStateTable } from './schema-policy.ts'

/*
 * The tables, the same on SQLite and PostgreSQL. Times are ISO 8601 text in UTC with milliseconds, so that they sort as
 * they read; truth values are 0 and 1; documents are JSON text, parsed by the repository that owns the table.
 */

/** Set once, at insert. */
type Fixed<T> = ColumnType<T, T, never>

export interface ProjectsTable {
  id: Fixed<ProjectId>
  name: string
  path: string
  created_by: Fixed<UserId>
  created_at: Fixed<string>
  last_opened_at: string | null
  trusted_at: string | null
  removed_at: string | null
  /** Null: the server's setting; 0: no limit. */
  approval_timeout_seconds: ColumnType<number | null, number | null | undefined, number | null>
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
  /** When the mode `bypassPermissions` ends; null in every other. */
  mode_until: ColumnType<string | null, string | null | undefined, string | null>
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
  /** For an approved plan: the mode to go on in. */
  next_mode: AgentMode | null
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
  audit_checkpoints: AuditCheckpointsTable
  audit_segments: AuditSegmentsTable
  audit_forwards: AuditForwardsTable
  agent_processes: AgentProcessesTable
  policy_rules: PolicyRulesTable
  policy_state: PolicyStateTable
}
