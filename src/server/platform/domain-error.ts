import type { ErrorCode } from '#protocol/errors'

/**
 * An expected failure. `message` is shown to people: a sentence that says what happened and what to do.
 * Everything that is thrown and is not one of these is a bug and is shown as INTERNAL_ERROR.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.details = options.details
    this.retryAfter = options.retryAfter
  }
}
