import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import type { ErrorCode, Problem } from '#protocol/errors'
import { translateStorageError } from '../platform/database.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Logger } from '../platform/logger.ts'
import { redactText } from '../platform/redact.ts'

/** Every code's HTTP status; a new code does not compile until it has one. */
export const STATUS: Record<ErrorCode, number> = {
  BAD_REQUEST: 400,
  INVALID_MESSAGE: 400,
  PASSWORD_REJECTED: 400,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  REFRESH_REUSED: 401,
  INVALID_CREDENTIALS: 401,
  TOTP_REQUIRED: 401,
  INVALID_CODE: 401,
  FORBIDDEN: 403,
  ORIGIN_NOT_ALLOWED: 403,
  PATH_OUTSIDE_PROJECT: 403,
  STEP_UP_REQUIRED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  ALREADY_RESOLVED: 409,
  STALE_VERSION: 409,
  FROZEN: 409,
  PROJECT_UNAVAILABLE: 409,
  AGENT_UNAVAILABLE: 503,
  AGENT_FAILED: 502,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  HOST_NOT_ALLOWED: 421,
  POLICY_VIOLATION: 422,
  RATE_LIMITED: 429,
  STORAGE_FULL: 507,
  NOT_READY: 503,
  INTERNAL_ERROR: 500,
}

/** What Fastify itself refuses, in our words. */
const FASTIFY_FAILURES: Record<string, { code: ErrorCode; error: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'TOO_LARGE', error: 'The request is larger than this route accepts.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'UNSUPPORTED_MEDIA_TYPE', error: 'Send the body as application/json.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'BAD_REQUEST', error: 'The request body is not as long as its Content-Length says.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'BAD_REQUEST', error: 'The request body is not valid JSON.' },
}

/**
 * What a caller is told of a failure. Bugs are logged here with their request id and told as INTERNAL_ERROR without detail.
 * @param requestId echoed in `details.requestId` of internal errors
 */
export function toProblem(failure: unknown, requestId: string, logger: Logger): Problem {
  const error = translateStorageError(failure)
  if (error instanceof DomainError) return domainProblem(error)
  if (error instanceof z.core.$ZodError) return invalidFields(error.issues)
  const refused = fastifyProblem(error)
  if (refused) return refused
  logger.error({ err: error, requestId }, 'unexpected failure')
  return {
    error: 'Something went wrong on the server. Try again; if it stays, look for the request id in its log.',
    code: 'INTERNAL_ERROR',
    details: { requestId },
  }
}

function domainProblem(error: DomainError): Problem {
  // It may repeat what it was given, and is copied into reports.
  const told = { error: redactText(error.message), code: error.code }
  return error.details ? { ...told, details: error.details } : told
}

/** Names each field that does not fit and why. */
export function invalidFields(issues: readonly z.core.$ZodIssue[], code: 'BAD_REQUEST' | 'INVALID_MESSAGE' = 'BAD_REQUEST'): Problem {
  const fields = issues.slice(0, 20).map((issue) => ({ field: fieldOf(issue), problem: reasonOf(issue) }))
  const first = fields[0]
  const what = first ? `${first.field || 'the whole'} ${first.problem}` : 'it has a wrong shape'
  return { error: `The request is not understood: ${what}.`, code, details: { fields } }
}

function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return redactText(path.map(String).join('.')).slice(0, 200)
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is not known here'
  if (issue.code === 'invalid_type') return `must be ${issue.expected === 'string' ? 'text' : `of type ${issue.expected}`}`
  if (issue.code === 'invalid_union') return 'has none of the known shapes'
  return issue.message === 'Invalid input' ? 'is not valid' : issue.message
}

function fastifyProblem(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const known = FASTIFY_FAILURES[error.code]
  if (known) return { error: known.error, code: known.code }
  const isClientFault = 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
  return isClientFault ? { error: 'The request is malformed.', code: 'BAD_REQUEST' } : null
}

/** Fastify's error handler. */
export function problemHandler(logger: Logger) {
  return async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const problem = toProblem(error, request.id, logger)
    const retryAfter = error instanceof DomainError ? error.retryAfter : undefined
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
    if (problem.code === 'UNAUTHORIZED' || problem.code === 'TOKEN_EXPIRED') reply.header('www-authenticate', 'Bearer')
    return reply.status(STATUS[problem.code]).send(problem)
  }
}
