import * as z from 'zod/mini'
import { PasskeyAnswer } from './factors.ts'
import { Timestamp, UserId } from './ids.ts'

export const Role = z.enum(['owner', 'member', 'viewer'])
export type Role = z.infer<typeof Role>

export const User = z.object({
  id: UserId,
  username: z.string(),
  role: Role,
  createdAt: Timestamp,
  lastLoginAt: z.nullable(Timestamp),
})
export type User = z.infer<typeof User>

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
const USERNAME_RULE = 'must be 1 to 64 letters, digits, ".", "_" or "-", and start with a letter or digit'

/** Who acts in the audit log without being a user. */
const RESERVED_NAMES = new Set(['system', 'unknown', 'claude', 'codex', 'gemini', 'opencode', 'cursor'])

/** Alphabets whose letters look like one another: in a name of several, `аda` is not the `ada` that it seems to be (UTS 39). */
const LOOK_ALIKES = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u]

function keepsToOneAlphabet(name: string): boolean {
  const form = name.normalize('NFKC')
  return LOOK_ALIKES.filter((letters) => letters.test(form)).length <= 1
}

/** What a form may send: refused before any hashing when it cannot be right. The rules of a good password are the server's. */
export const Username = z.string().check(
  z.regex(USERNAME, USERNAME_RULE),
  // It is kept in its normal form (NFKC), in which a single letter can be a whole phrase.
  z.refine((name) => USERNAME.test(name.normalize('NFKC')), USERNAME_RULE),
  z.refine(keepsToOneAlphabet, 'must not mix alphabets whose letters look alike'),
  z.refine((name) => !RESERVED_NAMES.has(name.normalize('NFKC').toLowerCase()), 'is reserved: the audit log calls others by it'),
)
export const Password = z.string().check(z.minLength(1, 'is required'), z.maxLength(1024, 'is too long'))

export const RegisterRequest = z.strictObject({
  username: Username,
  password: Password,
  /** Printed on the host at the first start; dashes, spaces and case do not matter. None is refused like a wrong one. */
  setupCode: z._default(z.string().check(z.maxLength(128)), ''),
})
export type RegisterRequest = z.infer<typeof RegisterRequest>

export const LoginRequest = z.strictObject({
  username: z.string().check(z.minLength(1, 'is required'), z.maxLength(256)),
  password: Password,
  /** A code of the authenticator app, or a recovery code. */
  totp: z.optional(z.string().check(z.maxLength(32))),
  /** The second factor in place of a code: the answer to the challenge of 401 `TOTP_REQUIRED`. */
  passkey: z.optional(PasskeyAnswer),
})
export type LoginRequest = z.infer<typeof LoginRequest>

/** Answer to register, login and refresh; the refresh token travels in a cookie only. */
export const TokenResponse = z.object({
  /** The access token, a JWT. */
  token: z.string(),
  /** Seconds until it expires. */
  expiresIn: z.number(),
  user: User,
})
export type TokenResponse = z.infer<typeof TokenResponse>

export const AuthStatus = z.object({
  needsSetup: z.boolean(),
  authenticated: z.boolean(),
  platformMode: z.boolean(),
  /** True while the product runs against its scripted demo model. */
  demo: z.boolean(),
  user: z.optional(User),
})
export type AuthStatus = z.infer<typeof AuthStatus>

/**
 * In platform mode behind an access key nobody signs in, which elsewhere tells the server to send the app: the sign-in
 * page sets this cookie to `1` once it was given the key. It opens nothing.
 */
export const PLATFORM_MARKER = 'acu_signed_in_platform'

export const WsTicket = z.object({
  ticket: z.string(),
  /** Seconds until it is void; it is void after its first use in any case. */
  expiresIn: z.number(),
})
export type WsTicket = z.infer<typeof WsTicket>

/** `POST /api/auth/password`. Every other login ends. */
export const ChangePassword = z.strictObject({ currentPassword: Password, newPassword: Password })
export type ChangePassword = z.infer<typeof ChangePassword>

/** `details` of 400 PASSWORD_REJECTED. `reason` is for programs, `suggestions` are sentences for people. */
export const PasswordVerdict = z.object({
  reason: z.enum(['too-short', 'too-long', 'nul', 'too-weak', 'used-before', 'too-simple', 'unchanged']),
  suggestions: z.array(z.string()),
})
export type PasswordVerdict = z.infer<typeof PasswordVerdict>
