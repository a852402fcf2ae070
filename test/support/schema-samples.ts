import * as z from 'zod/mini'

/*
 * The smallest value that a schema accepts, for tests that go through everything there is and must not need a change
 * with each new route or message. From JSON Schema, as zod writes it and as the OpenAPI document has it.
 */

const Members = z.record(z.string(), z.unknown())

const Schema = z.object({
  const: z.optional(z.unknown()),
  enum: z.optional(z.array(z.unknown())),
  default: z.optional(z.unknown()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  format: z.optional(z.string()),
  pattern: z.optional(z.string()),
  minLength: z.optional(z.number()),
  minimum: z.optional(z.number()),
  minItems: z.optional(z.number()),
  properties: z.optional(Members),
  required: z.optional(z.array(z.string())),
  items: z.optional(z.unknown()),
  anyOf: z.optional(z.array(z.unknown())),
  oneOf: z.optional(z.array(z.unknown())),
  allOf: z.optional(z.array(z.unknown())),
})
type Schema = z.infer<typeof Schema>

/** Tried in this order against a pattern. The first is an id that nothing has. */
const TEXTS = ['nobody_1', '0'.repeat(64), '123456', 'AAAA', 'AAAA-BBBB', 'x', '/x']

/** @throws Error for a schema that this does not know how to please */
export function sampleOf(schema: unknown): unknown {
  const parsed = Schema.parse(schema)
  if ('const' in parsed && parsed.const !== undefined) return parsed.const
  if (parsed.enum) return parsed.enum[0]
  if (parsed.default !== undefined) return parsed.default
  const choices = parsed.anyOf ?? parsed.oneOf
  return choices ? sampleOf(choices[0]) : sampleOfType(parsed)
}

function sampleOfType(schema: Schema): unknown {
  switch (schema.properties ? 'object' : [schema.type].flat()[0]) {
    case 'object':
      return sampleObject(schema)
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items))
    case 'string':
      return sampleText(schema)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return false
    default:
      return null
  }
}

function sampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name])]))
}

function sampleText({ format, pattern, allOf = [], minLength = 0 }: Schema): string {
  if (format === 'date-time') return '2026-11-01T12:00:00.000Z'
  const patterns = [{ pattern }, ...allOf.map((part) => Schema.parse(part))].flatMap((part) => part.pattern ?? [])
  const text = TEXTS.find((candidate) => candidate.length >= minLength && patterns.every((each) => new RegExp(each, 'u').test(candidate)))
  if (text === undefined) throw new Error(`No sample text matches ${patterns.join(' and ')}; add one to TEXTS.`)
  return text
}

const Operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() })),
  requestBody: z.optional(z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })),
})

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

/** One route as the OpenAPI document describes it, with what a well-formed request needs. */
export interface DescribedRoute {
  /** As the permission table names it, such as `GET /sessions/:sessionId`. */
  name: string
  method: string
  /** The path with `ids` in place of its parameters, and the query that it needs. */
  pathWith: (ids: Record<string, string>) => string
  /** Names of the parameters in the path. */
  params: string[]
  /** Undefined where it takes none. */
  body: unknown
}

/** Every route of an OpenAPI document. */
export function routesOf(document: unknown): DescribedRoute[] {
  return Object.entries(Document.parse(document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => describeRoute(path.replace(/^\/api/, ''), method.toUpperCase(), operation)),
  )
}

function describeRoute(path: string, method: string, { parameters, requestBody }: z.infer<typeof Operation>): DescribedRoute {
  const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required)
  const query = required.map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema)))}`).join('&')
  return {
    name: `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    method,
    pathWith: (ids) => path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'nobody_1') + (query === '' ? '' : `?${query}`),
    params: [...path.matchAll(/\{(\w+)\}/g)].flatMap((match) => match[1] ?? []),
    body: requestBody === undefined ? undefined : sampleOf(requestBody.content['application/json'].schema),
  }
}
