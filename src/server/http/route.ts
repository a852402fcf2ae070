import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import type { Clock } from '../platform/clock.ts'
import type { RateClass } from '../platform/rate-classes.ts'
import type { Authenticate } from './authentication.ts'
import { authorize } from './authorize.ts'
import { rateClassOf, ROUTE_RULES, type Rule } from './permission-table.ts'
import { principalOf } from './principal.ts'
import type { RateLimits } from './rate-limits.ts'

/** For a part of the request that a route does not look at. */
export const Unused = z.unknown()

type Schema = z.ZodMiniType

export interface RouteSpec<Params extends Schema, Query extends Schema, Body extends Schema> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api`, as in `/projects/:projectId`. */
  path: string
  /** One line for the OpenAPI document. */
  summary: string
  params: Params
  query: Query
  body: Body
  /** Shape of the answer; null for none (204). */
  response: Schema | null
  /** 200 by default, 204 without an answer. */
  status?: number
}

export interface RouteInput<Params extends Schema, Query extends Schema, Body extends Schema> {
  params: z.infer<Params>
  query: z.infer<Query>
  body: z.infer<Body>
  request: FastifyRequest
  reply: FastifyReply
}

/** What the OpenAPI document is made of. */
export type RouteDescription = RouteSpec<Schema, Schema, Schema> & { rule: Rule }

/** Registers routes: each is authenticated and authorised by the permission table, parsed by its schemas, and described. */
export class Router {
  readonly described: RouteDescription[] = []
  readonly #app: FastifyInstance
  readonly #authenticate: Authenticate
  readonly #clock: Clock
  readonly #rateLimits: RateLimits

  constructor(app: FastifyInstance, authenticate: Authenticate, { clock, rateLimits }: { clock: Clock; rateLimits: RateLimits }) {
    this.#app = app
    this.#authenticate = authenticate
    this.#clock = clock
    this.#rateLimits = rateLimits
  }

  /** @throws Error for a route that the permission table does not know; later whatever the schemas or the handler throw; the error handler turns it into a Problem */
  add<Params extends Schema, Query extends Schema, Body extends Schema>(
    spec: RouteSpec<Params, Query, Body>,
    handler: (input: RouteInput<Params, Query, Body>) => Promise<unknown>,
  ): void {
    const rule = ROUTE_RULES[`${spec.method} ${spec.path}`]
    if (!rule) throw new Error(`The route ${spec.method} ${spec.path} has no line in permission-table.ts.`)
    this.described.push({ ...spec, rule })
    const rateClass = rateClassOf(spec.method, rule)
    const status = spec.status ?? (spec.response === null ? 204 : 200)
    this.#app.route({
      method: spec.method,
      url: `/api${spec.path}`,
      // The address is counted in front of all routes, by what is said here.
      config: { rateClass },
      ...(rule.permission === 'public' ? {} : { onRequest: (request, reply) => this.#admit(request, reply, { rule, rateClass }) }),
      handler: async (request, reply) => {
        const answer = await handler({
          params: spec.params.parse(request.params),
          query: spec.query.parse(request.query),
          body: spec.body.parse(request.body),
          request,
          reply,
        })
        reply.status(status)
        return answer
      },
    })
  }

  async #admit(request: FastifyRequest, reply: FastifyReply, { rule, rateClass }: { rule: Rule; rateClass: RateClass }): Promise<void> {
    await this.#authenticate(request)
    const principal = principalOf(request)
    this.#rateLimits.spendOfUser(rateClass, principal.user.id, reply)
    authorize(principal, rule, this.#clock.now().getTime())
  }
}
