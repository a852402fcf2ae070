import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import type { Clock } from '../platform/clock.ts'
import type { Authenticate } from './authentication.ts'
import { authorize } from './authorize.ts'
import { ROUTE_RULES, type Rule } from './permission-table.ts'
import { principalOf } from './principal.ts'

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

  constructor(app: FastifyInstance, authenticate: Authenticate, clock: Clock) {
    this.#app = app
    this.#authenticate = authenticate
    this.#clock = clock
  }

  /** @throws Error for a route that the permission table does not know; later whatever the schemas or the handler throw; the error handler turns it into a Problem */
  add<Params extends Schema, Query extends Schema, Body extends Schema>(
    spec: RouteSpec<Params, Query, Body>,
    handler: (input: RouteInput<Params, Query, Body>) => Promise<unknown>,
  ): void {
    const rule = ROUTE_RULES[`${spec.method} ${spec.path}`]
    if (!rule) throw new Error(`The route ${spec.method} ${spec.path} has no line in permission-table.ts.`)
    this.described.push({ ...spec, rule })
    const status = spec.status ?? (spec.response === null ? 204 : 200)
    this.#app.route({
      method: spec.method,
      url: `/api${spec.path}`,
      ...(rule.permission === 'public' ? {} : { onRequest: (request) => this.#admit(request, rule) }),
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

  async #admit(request: FastifyRequest, rule: Rule): Promise<void> {
    await this.#authenticate(request)
    authorize(principalOf(request), rule, this.#clock.now().getTime())
  }
}
