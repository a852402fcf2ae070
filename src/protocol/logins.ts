import * as z from 'zod/mini'
import { LoginId, NoticeId, Timestamp } from './ids.ts'

/** How somebody proved who they are. */
export const LoginMethod = z.enum([
  'password',
  'password+totp',
  'password+recovery-code',
  'password+passkey',
  'passkey',
  'setup',
  'invitation',
])
export type LoginMethod = z.infer<typeof LoginMethod>

/** One device that is signed in. */
export const Login = z.object({
  id: LoginId,
  /** Such as `Firefox on Linux`. */
  device: z.string(),
  /** Where it was last seen. */
  address: z.string(),
  method: LoginMethod,
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  expiresAt: Timestamp,
  /** The one that asks. */
  current: z.boolean(),
})
export type Login = z.infer<typeof Login>

/**
 * Something about the account that its owner should see, once, on whatever device comes first.
 * `new-login`: another device signed in. `refresh-reused`: a login was ended because its refresh token came twice.
 */
export const NoticeKind = z.enum([
  'new-login',
  'refresh-reused',
  'password-changed',
  'password-reset',
  'factor-added',
  'factor-removed',
  'recovery-code-used',
  'api-key-created',
  'failed-logins',
])
export type NoticeKind = z.infer<typeof NoticeKind>

export const AccountNotice = z.object({
  id: NoticeId,
  kind: NoticeKind,
  at: Timestamp,
  /** The device that it is about. */
  device: z.nullable(z.string()),
  address: z.nullable(z.string()),
  /** The login that it is about, where it can still be ended; of other kinds than `new-login`, the login that did it. */
  loginId: z.nullable(LoginId),
  /** Plain facts by name, such as how many attempts failed or what a key is called. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type AccountNotice = z.infer<typeof AccountNotice>

/** `POST /api/auth/notices/read`. */
export const ReadNotices = z.strictObject({ ids: z.array(NoticeId).check(z.maxLength(200)) })
