import type { ErrorCode } from '#protocol/errors'
import { Problem } from '#protocol/errors'
import { requestText } from './text.ts'

/** What went wrong where no server answered, or not in its own format. */
type LocalErrorCode = 'NETWORK' | 'TIMEOUT' | 'ABORTED' | 'UNREADABLE'

interface ApiErrorFields {
  code: ErrorCode | LocalErrorCode
  message: string
  /** HTTP status; 0 where there was no answer. */
  status?: number
  details?: Record<string, unknown> | undefined
  /** Seconds after which another try makes sense, where the server told. */
  retryAfter?: number | undefined
  cause?: unknown
}

/** A failed request. The message is a sentence for a person. */
export class ApiError extends Error {
  readonly code: ErrorCode | LocalErrorCode
  readonly status: number
  readonly details: Record<string, unknown>
  readonly retryAfter: number | null

  constructor({ code, message, status = 0, details = {}, retryAfter, cause }: ApiErrorFields) {
    super(message, { cause })
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.details = details
    this.retryAfter = retryAfter ?? null
  }
}

/** The error of an answer that says no, from its body where that is a `Problem`. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const status = response.status
  const retryAfter = secondsOf(response.headers.get('retry-after'))
  const problem = Problem.safeParse(await response.json().catch(() => null))
  if (problem.success) {
    const { code, error, details } = problem.data
    return new ApiError({ code, message: error, status, details, retryAfter })
  }
  return new ApiError({ code: 'UNREADABLE', message: requestText.unreadable(status), status, retryAfter })
}

/** The error of a request that got no answer. */
export function errorOfFailure(cause: unknown): ApiError {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'TimeoutError') return new ApiError({ code: 'TIMEOUT', message: requestText.timeout, cause })
  if (name === 'AbortError') return new ApiError({ code: 'ABORTED', message: requestText.aborted, cause })
  return new ApiError({ code: 'NETWORK', message: requestText.network, cause })
}

/** A sentence for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : requestText.unknown
}

function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined
  const seconds = Number(retryAfter)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}
