import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OriginGuard } from './origin-guard.ts'

const METHODS = 'GET, POST, PUT, PATCH, DELETE'
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Refresh-Binding'
const RESPONSE_HEADERS = 'Content-Disposition, RateLimit, RateLimit-Policy, Retry-After'
/** Seconds for which a browser need not ask again. */
const MAX_AGE = '600'

/**
 * Lets pages of the exact origins of `ALLOWED_ORIGINS` read answers, and answers what browsers ask beforehand (Fetch
 * Standard, CORS protocol). Never with cookies: such a page signs in by itself.
 */
export function answerForeignPage(guard: OriginGuard, { headers, method }: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (!guard.hasForeignOrigins) return undefined
  reply.header('vary', 'Origin')
  const { origin } = headers
  if (origin === undefined || !guard.isForeignAllowed(origin)) return undefined
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', RESPONSE_HEADERS)
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined
  return reply
    .headers({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': MAX_AGE,
    })
    .status(204)
    .send()
}
