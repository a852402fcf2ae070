import * as z from 'zod/mini'

/** The part of JSON Schema that our wire schemas turn into. */
export interface WireSchema {
  $ref?: string | undefined
  const?: unknown
  enum?: unknown[] | undefined
  type?: string | string[] | undefined
  properties?: Record<string, WireSchema> | undefined
  required?: string[] | undefined
  additionalProperties?: boolean | WireSchema | undefined
  items?: WireSchema | undefined
  anyOf?: WireSchema[] | undefined
  oneOf?: WireSchema[] | undefined
  maxLength?: number | undefined
  maxItems?: number | undefined
  minimum?: number | undefined
  pattern?: string | undefined
  format?: string | undefined
  $defs?: Record<string, WireSchema> | undefined
}

/** Parses JSON Schema, as far as it is told here. */
export const WireSchema: z.ZodMiniType<WireSchema> = z.object({
  $ref: z.optional(z.string()),
  const: z.optional(z.unknown()),
  enum: z.optional(z.array(z.unknown())),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  get properties() {
    return z.optional(z.record(z.string(), WireSchema))
  },
  required: z.optional(z.array(z.string())),
  get additionalProperties() {
    return z.optional(z.union([z.boolean(), WireSchema]))
  },
  get items() {
    return z.optional(WireSchema)
  },
  get anyOf() {
    return z.optional(z.array(WireSchema))
  },
  get oneOf() {
    return z.optional(z.array(WireSchema))
  },
  maxLength: z.optional(z.number()),
  maxItems: z.optional(z.number()),
  minimum: z.optional(z.number()),
  pattern: z.optional(z.string()),
  format: z.optional(z.string()),
  get $defs() {
    return z.optional(z.record(z.string(), WireSchema))
  },
})

/** `schema` as JSON Schema; the schemas in `named` stand in `$defs` under their names and are referred to. */
export function toWireSchema(schema: z.ZodMiniType, named: Record<string, z.ZodMiniType>): WireSchema {
  const names = z.registry<{ id: string }>()
  for (const [id, type] of Object.entries(named)) names.add(type, { id })
  return WireSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: names }))
}

/** A type in one line, as in `"a" | "b"`, `Session[]` or `{ name: string, size?: number }`. */
export function typeText(schema: WireSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(typeText).join(' | ')
  if (schema.type === 'array') return arrayText(schema)
  if (schema.type === 'object') return objectText(schema)
  return [schema.type ?? 'any JSON'].flat().join(' | ')
}

function arrayText({ items = {} }: WireSchema): string {
  const item = typeText(items)
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function objectText(schema: WireSchema): string {
  if (!schema.properties || Object.keys(schema.properties).length === 0) return 'object'
  const fields = Object.entries(schema.properties).map(([name, field]) => `${fieldName(schema, name)}: ${typeText(field)}`)
  return `{ ${fields.join(', ')} }`
}

/** A field's name, with `?` where it may be left out. */
export function fieldName(schema: WireSchema, name: string): string {
  return schema.required?.includes(name) ? name : `${name}?`
}

/** What a value must keep to beyond its type; empty where there is nothing to say. */
export function limitText(schema: WireSchema): string {
  if (schema.$ref !== undefined) return ''
  return [
    schema.maxLength === undefined ? '' : `at most ${schema.maxLength.toLocaleString('en')} characters`,
    schema.maxItems === undefined ? '' : `at most ${schema.maxItems}`,
    schema.format === 'date-time' ? 'ISO 8601 in UTC with milliseconds' : '',
  ]
    .filter((limit) => limit !== '')
    .join(', ')
}
