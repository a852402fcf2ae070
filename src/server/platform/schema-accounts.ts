import type { ColumnType } from 'kysely'
import type { ApiKeyId, ChallengeId, InvitationId, LoginId, NoticeId, PasskeyId, UserId } from '#protocol/ids'
import type { LoginMethod, NoticeKind } from '#protocol/logins'

/* The tables of accounts; see schema.ts for what holds for all. */

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
  /** Removed for good: the row stays for the sessions that the user left behind; its name is free for others. */
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

/** Failed sign-ins by address, account or trusted device, and the tally of an account that is told to its owner. */
export interface LoginThrottlesTable {
  /** Kind and SHA-256 of what is counted: names that people type may be passwords. */
  key: Fixed<string>
  failures: number
  last_failure_at: string
  blocked_until: string | null
  /** 1 once an attempt met this wait, so that it is written into the audit log once. */
  refused: number
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
