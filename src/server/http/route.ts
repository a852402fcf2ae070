import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import type { Authenticate } from './authentication.ts'

/** For a part of the request that a route does not look at. */
export const Unused = z.unknown()

type Schema = z.ZodMiniType

export interface RouteSpec<Params extends Schema, Query extends Schema, Body extends Schema> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api`, as in `/projects/:projectId`. */
  path: string
  /** One line for the OpenAPI document. */
  summary: string
  access: 'public' | 'user'
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
export type RouteDescription = Omit<RouteSpec<Schema, Schema, Schema>, 'access'> & { access: 'public' | 'user' }

/** Registers routes: each is authenticated unless it says `public`, parsed by its schemas, and described. */
export class Router {
  readonly described: RouteDescription[] = []
  readonly #app: FastifyInstance
  readonly #authenticate: Authenticate

  constructor(app: FastifyInstance, authenticate: Authenticate) {
    this.#app = app
    this.#authenticate = authenticate
  }

  /** @throws whatever the schemas or the handler throw; the error handler turns it into a Problem */
  add<Params extends Schema, Query extends Schema, Body extends Schema>(
    spec: RouteSpec<Params, Query, Body>,
    handler: (input: RouteInput<Params, Query, Body>) => Promise<unknown>,
  ): void {
    this.described.push(spec)
    const status = spec.status ?? (spec.response === null ? 204 : 200)
    this.#app.route({
      method: spec.method,
      url: `/api${spec.path}`,
      ...(spec.access === 'public' ? {} : { onRequest: this.#authenticate }),
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
}
