import * as z from 'zod/mini'
import { ApiError } from './api-error.ts'
import { authToken } from './auth-token.ts'
import type { HttpRequest } from './http-request.ts'
import { sendRequest } from './http-request.ts'
import { requestText } from './text.ts'

/** The answer of a route that has none (204). */
export const NoContent = z.null()

/**
 * The server's HTTP routes. Answers are checked by the schema. Every method throws an `ApiError` with a sentence;
 * a login that has ended leaves for the sign-in page.
 */
export const api = {
  get<Answer>(path: string, schema: z.ZodMiniType<Answer>, signal?: AbortSignal): Promise<Answer> {
    return request({ method: 'GET', path, signal }, schema)
  },
  post<Answer>(path: string, body: unknown, schema: z.ZodMiniType<Answer>): Promise<Answer> {
    return request({ method: 'POST', path, body }, schema)
  },
  put<Answer>(path: string, body: unknown, schema: z.ZodMiniType<Answer>): Promise<Answer> {
    return request({ method: 'PUT', path, body }, schema)
  },
  patch<Answer>(path: string, body: unknown, schema: z.ZodMiniType<Answer>): Promise<Answer> {
    return request({ method: 'PATCH', path, body }, schema)
  },
  delete(path: string): Promise<null> {
    return request({ method: 'DELETE', path }, NoContent)
  },
  deleteForAnswer<Answer>(path: string, schema: z.ZodMiniType<Answer>): Promise<Answer> {
    return request({ method: 'DELETE', path }, schema)
  },
}

async function request<Answer>(call: HttpRequest, schema: z.ZodMiniType<Answer>): Promise<Answer> {
  const answer = schema.safeParse(await sendSigned(call))
  if (answer.success) return answer.data
  throw new ApiError({ code: 'UNREADABLE', message: requestText.unreadable(200), cause: answer.error })
}

/** Sends the request with the token; one that the server calls expired is renewed and the request sent once more. */
async function sendSigned(call: HttpRequest): Promise<unknown> {
  try {
    return await sendRequest({ ...call, token: await authToken.current() })
  } catch (error) {
    if (!isStaleToken(error)) throw error
  }
  await authToken.refresh()
  return sendRequest({ ...call, token: await authToken.current() })
}

function isStaleToken(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'TOKEN_EXPIRED' || error.code === 'UNAUTHORIZED')
}
