import { randomUUID } from 'node:crypto'
import type { RequestListener, Server } from 'node:http'
import { type FastifyError, type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import { DomainError } from '../platform/domain-error.ts'
import type { Logger } from '../platform/logger.ts'
import { logAnswers } from './answer-log.ts'
import { withoutBasePath } from './base-path.ts'
import { acceptJsonOnly } from './json-bodies.ts'
import { CSP_REPORTS_PATH } from './csp-reports.ts'
import type { OriginGuard } from './origin-guard.ts'
import { answerForeignPage } from './foreign-pages.ts'
import { problemHandler } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { SERVER_LIMITS } from './server-limits.ts'
import { reportingHeaders, SECURITY_HEADERS, STRICT_TRANSPORT_SECURITY } from './security-headers.ts'
import { bringsCredential, isRefusal, type OnRefusal } from './refusal.ts'
import { refuseUnreadable } from './unreadable-requests.ts'

/** Bytes of a JSON body; uploads have routes of their own. */
const BODY_LIMIT = 1024 * 1024

export interface HttpServerOptions {
  logger: Logger
  originGuard: OriginGuard
  /** Addresses and CIDRs whose forwarded headers are believed. */
  trustProxy: string[]
  onRefusal: OnRefusal
  rateLimits: RateLimits
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  /** Gives the server that listens already; without it one is made that listens later. */
  serverFactory?: (serve: RequestListener) => Server
}

class NothingHereError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is nothing at this address.')
  }
}

/** The HTTP server with everything that holds for all routes: guards, headers, limits, errors. Listens on nothing yet. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { logger, originGuard, trustProxy, onRefusal, rateLimits, basePath, serverFactory } = options
  const handleProblem = problemHandler(logger)
  const headers = reportingHeaders(`${basePath}${CSP_REPORTS_PATH}`)
  const app = fastify({
    logger: false,
    // An address that cannot be decoded is refused before any hook runs.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store')
      void handleProblem(error, request, reply)
    },
    clientErrorHandler: refuseUnreadable,
    bodyLimit: BODY_LIMIT,
    requestTimeout: SERVER_LIMITS.requestTimeout,
    keepAliveTimeout: SERVER_LIMITS.keepAliveTimeout,
    ...(serverFactory ? { serverFactory } : { http: SERVER_LIMITS }),
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => withoutBasePath(url, basePath),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Routes parse with zod; Fastify's own compilers would be loaded for nothing.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { maxParamLength: 200 },
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
  })
  app.decorateRequest('principal', null)
  acceptJsonOnly(app)

  app.addHook('onRequest', async (request, reply) => {
    // What may be kept says so itself.
    reply.headers(request.protocol === 'https' ? headers.overTls : headers.plain).header('cache-control', 'no-store')
    if (isToStayWithTls(request)) reply.header('strict-transport-security', STRICT_TRANSPORT_SECURITY)
    // No address of ours needs it, and what stands in front may have read it as another one.
    if (/^[^?]*%/.test(request.url)) throw new NothingHereError()
    originGuard.check(request.raw, request.host, request.protocol)
    const answered = answerForeignPage(originGuard, request, reply)
    if (answered) return answered
    rateLimits.spendOfAddress(request.routeOptions.config.rateClass ?? 'anonymous', request.ip, reply)
    return undefined
  })
  logAnswers(app, logger)

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const answer = await handleProblem(error, request, reply)
    noteRefusal(error, request, onRefusal)
    return answer
  })
  app.setNotFoundHandler(async () => {
    throw new NothingHereError()
  })
  return app
}

/** Not for localhost: a browser would ask for TLS on every port of that name, whoever listens there. */
function isToStayWithTls({ protocol, hostname }: FastifyRequest): boolean {
  return protocol === 'https' && !/(^|\.)localhost$/i.test(hostname)
}

/** Told by the route that was found, since an address may hold anything. */
function noteRefusal(error: unknown, { method, headers, principal, ip, routeOptions }: FastifyRequest, onRefusal: OnRefusal): void {
  if (!(error instanceof DomainError) || !isRefusal(error.code, error, bringsCredential(headers))) return
  // What a public route refuses, as a used invitation, is recorded there.
  if (error.code === 'FORBIDDEN' && principal === null) return
  const where = routeOptions.url === undefined ? 'no route' : `${method} ${routeOptions.url.replace(/^\/api(?=\/)/, '')}`
  onRefusal({ problem: error.code, where, principal, address: ip })
}

function noCompiler() {
  return () => {
    throw new Error('Fastify schemas are not used here; routes parse with the protocol’s.')
  }
}
