import * as z from 'zod/mini'
import { Problem } from '#protocol/errors'
import type { RouteDescription } from './route.ts'

/** The OpenAPI 3.1 document of all routes, from the schemas that check them. */
export function openApiDocument(
  routes: readonly RouteDescription[],
  { version, basePath }: { version: string; basePath: string },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/api${route.path}`.replace(/:(\w+)/g, '{$1}')
    const operations = (paths[path] ??= {})
    operations[route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'AI Code UI', version },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  }
}

function operation(route: RouteDescription): Record<string, unknown> {
  const status = route.status ?? (route.response === null ? 204 : 200)
  const body = schemaOf(route.body, 'input')
  return {
    summary: route.summary,
    security: route.rule.permission === 'public' ? [] : [{ accessToken: [] }, { apiKey: [] }],
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(isDescribed(body) ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      [String(status)]: {
        description: 'Success',
        ...(route.response === null ? {} : { content: { 'application/json': { schema: schemaOf(route.response, 'output') } } }),
      },
      default: { description: 'Failure', content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  }
}

function parameters(schema: z.ZodMiniType, place: 'path' | 'query'): unknown[] {
  const { properties, required } = schemaOf(schema, 'input')
  if (typeof properties !== 'object' || properties === null) return []
  const needed: unknown[] = Array.isArray(required) ? required : []
  return Object.entries(properties).map(([name, member]: [string, unknown]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema: member,
  }))
}

/** `z.unknown()` is a route's way to say that it takes none. */
function isDescribed(schema: Record<string, unknown>): boolean {
  return Object.keys(schema).length > 0
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
