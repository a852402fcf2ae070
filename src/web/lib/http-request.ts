import { storedAccessKey } from './access-key.ts'
import { errorOfFailure, errorOfResponse } from './api-error.ts'
import { BASE_PATH } from './base-path.ts'
import { refreshBinding } from './refresh-binding.ts'

const TIMEOUT_MS = 30_000

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From where the app begins, as in `/api/projects`. */
  path: string
  /** Sent as JSON. */
  body?: unknown
  /** Access token for the `Authorization` header. */
  token?: string | null
  /** Names the attempt: sent again with the same name, the request is answered alike. */
  attempt?: string
  signal?: AbortSignal | undefined
  /** The request outlives the page, so that a cookie it sets is not lost with it. */
  keepalive?: boolean
}

/**
 * Sends one request and reads its JSON answer; null where there is none (204). Gives up after 30 s.
 * @throws ApiError with a sentence, whatever went wrong
 */
export async function sendRequest(request: HttpRequest): Promise<unknown> {
  const response = await answerTo(request)
  if (!response.ok) throw await errorOfResponse(response)
  if (response.status === 204) return null
  try {
    return await response.json()
  } catch (cause) {
    throw errorOfFailure(cause)
  }
}

async function answerTo(request: HttpRequest): Promise<Response> {
  const { method, path, body, signal, keepalive = false } = request
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetch(BASE_PATH + path, {
      method,
      headers: headersOf(request),
      body: method === 'GET' ? null : JSON.stringify(body ?? {}),
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
  } catch (cause) {
    throw errorOfFailure(cause)
  }
}

function headersOf({ method, path, token = null, attempt }: HttpRequest): Headers {
  const headers = new Headers({ accept: 'application/json' })
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (attempt !== undefined) headers.set('idempotency-key', attempt)
  const accessKey = storedAccessKey()
  if (accessKey !== null) headers.set('x-api-key', accessKey)
  // Only what may set or read the refresh cookie, which never has an access token: a page that merely shows itself stores nothing.
  const binding = token === null && method !== 'GET' && path.startsWith('/api/auth/') ? refreshBinding() : null
  if (binding !== null) headers.set('x-refresh-binding', binding)
  // A route that changes something takes JSON and nothing simpler, also where it has nothing to be told.
  if (method !== 'GET') headers.set('content-type', 'application/json')
  return headers
}
