import type { FastifyInstance } from 'fastify'
import type { Logger } from '../platform/logger.ts'

/** Writes a line for each answer: reads that went well at level debug alone. */
export function logAnswers(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    const isRead = (request.method === 'GET' || request.method === 'HEAD') && reply.statusCode < 400
    // Told once a minute where they are refused: a flood of requests must be no flood of lines.
    const isQuiet = isRead || reply.statusCode === 429
    if (isQuiet && !logger.isLevelEnabled('debug')) return
    const line = {
      requestId: request.id,
      method: request.method,
      url: shownAddress(request.routeOptions.url, request.params),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    if (isQuiet) logger.debug(line, 'request')
    else logger.info(line, 'request')
  })
}

/** An id as we make them: `ses_…`, or a UUID. */
const OUR_ID = /^(?!acu_)[a-z]{3,4}_[\w-]{22}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The route with the ids in it, for the log: nothing else that a client puts into an address, which may be a secret. */
function shownAddress(route: string | undefined, params: unknown): string {
  if (route === undefined) return '(no such address)'
  const given = new Map<string, unknown>(Object.entries(typeof params === 'object' && params !== null ? params : {}))
  return route.replaceAll(/:(\w+)/g, (placeholder, name: string) => {
    const value = given.get(name)
    return typeof value === 'string' && OUR_ID.test(value) ? value : placeholder
  })
}
