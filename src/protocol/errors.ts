import * as z from 'zod/mini'

/** Every failure that a caller can meet, by the contract's names. What to do about each is in `docs/errors.md`. */
export const ErrorCode = z.enum([
  'BAD_REQUEST',
  'INVALID_MESSAGE',
  'PASSWORD_REJECTED',
  'UNAUTHORIZED',
  'TOKEN_EXPIRED',
  'REFRESH_REUSED',
  'INVALID_CREDENTIALS',
  'TOTP_REQUIRED',
  'INVALID_CODE',
  'FORBIDDEN',
  'ORIGIN_NOT_ALLOWED',
  'PATH_OUTSIDE_PROJECT',
  'STEP_UP_REQUIRED',
  'NOT_FOUND',
  'CONFLICT',
  'ALREADY_RESOLVED',
  'STALE_VERSION',
  'FROZEN',
  'PROJECT_UNAVAILABLE',
  'AGENT_UNAVAILABLE',
  'AGENT_FAILED',
  'TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'HOST_NOT_ALLOWED',
  'POLICY_VIOLATION',
  'RATE_LIMITED',
  'STORAGE_FULL',
  'NOT_READY',
  'INTERNAL_ERROR',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** The body of every failed request, over HTTP and inside a WebSocket `error` message. */
export const Problem = z.object({
  /** What happened and what to do, as one or two sentences for a person. */
  error: z.string(),
  code: ErrorCode,
  details: z.optional(z.record(z.string(), z.unknown())),
})
export type Problem = z.infer<typeof Problem>
