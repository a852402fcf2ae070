import fc, { type Arbitrary } from 'fast-check'
import * as z from 'zod/mini'

/* Values for a JSON schema: right ones, ones that are almost right, and anything at all. */

const Members = z.record(z.string(), z.unknown())
const Schema = z.object({
  const: z.optional(z.unknown()),
  enum: z.optional(z.array(z.unknown())),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  pattern: z.optional(z.string()),
  minLength: z.optional(z.number()),
  maxLength: z.optional(z.number()),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  maxItems: z.optional(z.number()),
  properties: z.optional(Members),
  required: z.optional(z.array(z.string())),
  items: z.optional(z.unknown()),
  anyOf: z.optional(z.array(z.unknown())),
  oneOf: z.optional(z.array(z.unknown())),
})
type Schema = z.infer<typeof Schema>

const ODD_TEXTS = [
  '',
  '\0',
  '\ud800',
  '\u202Egpj.exe',
  '\ufeff',
  'a\r\nSet-Cookie: x=1',
  "' OR 1=1 --",
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '%00',
  '$(id)',
  '{{7*7}}',
  'x'.repeat(70_000),
  '\u0301'.repeat(500),
  '😀'.repeat(300),
  '1e400',
  'NaN',
]

/** JSON that nobody expects: every type, odd texts, deep and wide. */
export const garbage: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...ODD_TEXTS, null, true, 0, -1, -0, 1e308, 2 ** 53, 0.1, [], {}),
  fc.jsonValue({ maxDepth: 4 }),
  fc.constant(nested(3000)),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
  fc.constant(Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`k${String(index)}`, index]))),
)

/** What the schema takes. */
export function valid(schema: unknown): Arbitrary<unknown> {
  const parsed = Schema.parse(schema)
  if (parsed.const !== undefined) return fc.constant(parsed.const)
  if (parsed.enum) return fc.constantFrom(...parsed.enum)
  const choices = parsed.anyOf ?? parsed.oneOf
  if (choices) return fc.oneof(...choices.map(valid))
  return validOfType(parsed)
}

const OF_TYPE: Readonly<Record<string, (schema: Schema) => Arbitrary<unknown>>> = {
  object: (schema) => members(schema, valid),
  array: ({ items = {}, maxItems = 3 }) => fc.array(valid(items), { maxLength: Math.min(maxItems, 3) }),
  string: text,
  integer: number,
  number,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
}

function validOfType(schema: Schema): Arbitrary<unknown> {
  const type = schema.properties ? 'object' : ([schema.type].flat()[0] ?? '')
  return OF_TYPE[type]?.(schema) ?? fc.jsonValue({ maxDepth: 2 })
}

function number({ minimum = 0, maximum = 1000 }: Schema): Arbitrary<unknown> {
  return fc.integer({ min: Math.max(minimum, -1e6), max: Math.min(maximum, 1e6) })
}

function members({ properties = {}, required = [] }: Schema, value: (schema: unknown) => Arbitrary<unknown>): Arbitrary<unknown> {
  const record = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, value(schema)]))
  return fc.record(record, { requiredKeys: required.filter((name) => name in record) })
}

function text({ pattern, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  const plain = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)), unit: 'grapheme' })
  if (pattern === undefined) return plain
  try {
    return fc.oneof(fc.stringMatching(new RegExp(pattern, 'u')), plain)
  } catch {
    // A pattern that fast-check cannot turn round, such as one that looks ahead.
    return plain
  }
}

/** What the schema takes, but for a member that is missing, unknown or of another kind, at any depth. */
export function nearlyValid(schema: unknown): Arbitrary<unknown> {
  const parsed = Schema.parse(schema)
  const wrong = fc.oneof({ arbitrary: valid(schema), weight: 3 }, { arbitrary: garbage, weight: 2 })
  if (parsed.properties === undefined) return wrong
  const inner = members({ ...parsed, required: [] }, (each) => fc.oneof(valid(each), nearlyValid(each)))
  return fc.oneof(
    inner,
    fc.tuple(inner, fc.constantFrom(...ODD_TEXTS.slice(0, 12)), garbage).map(([value, name, extra]) => withMember(value, name, extra)),
  )
}

function withMember(value: unknown, name: string, extra: unknown): Record<string, unknown> {
  return { ...(typeof value === 'object' ? value : {}), [name]: extra }
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

const Operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.unknown() })),
  requestBody: z.optional(z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })),
})
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

/** A request as it goes out: the path with its query, and the body as text. */
export interface FuzzedRequest {
  method: string
  path: string
  body: string | undefined
}

export interface FuzzedRoute {
  /** Such as `GET /api/sessions/{sessionId}`. */
  name: string
  requests: Arbitrary<FuzzedRequest>
}

/** Every route of an OpenAPI document with requests of all three kinds. */
export function fuzzedRoutes(document: unknown): FuzzedRoute[] {
  return Object.entries(Document.parse(document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      requests: requestsOf(method.toUpperCase(), path, operation),
    })),
  )
}

function requestsOf(method: string, path: string, { parameters, requestBody }: z.infer<typeof Operation>): Arbitrary<FuzzedRequest> {
  const values = fc.record(
    Object.fromEntries(parameters.map(({ name, schema }) => [name, fc.option(fc.oneof(valid(schema), nearlyValid(schema)))])),
  )
  return fc.tuple(values, bodies(method, requestBody?.content['application/json'].schema)).map(([given, body]) => {
    const shown = (name: string): string => encode(given[name])
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(name) || 'x')
    const query = parameters.filter((each) => each.in === 'query' && given[each.name] !== null).map(({ name }) => `${name}=${shown(name)}`)
    return { method, path: query.length === 0 ? filled : `${filled}?${query.join('&')}`, body }
  })
}

function bodies(method: string, schema: unknown): Arbitrary<string | undefined> {
  if (method === 'GET') return fc.constant(undefined)
  const asText = (values: Arbitrary<unknown>) => values.map((value) => JSON.stringify(value))
  const broken = fc.constantFrom('', '{', '[', 'null', '{"a":1e400}', '\ufeff{}', '{"a":"\\ud800"}', '['.repeat(5000))
  if (schema === undefined) return fc.oneof(fc.constant(undefined), asText(garbage), broken)
  return fc.oneof(asText(valid(schema)), asText(nearlyValid(schema)), asText(garbage), broken)
}

/** As it may stand in an address, cut to what the parser of HTTP takes. */
function encode(value: unknown): string {
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(shown.toWellFormed().slice(0, 1500))
}
