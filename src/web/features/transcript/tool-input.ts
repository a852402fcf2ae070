import * as z from 'zod/mini'

const Fields = z.record(z.string(), z.unknown())

/** A text field of a tool's input, or null. */
export function stringField(input: unknown, name: string): string | null {
  const fields = Fields.safeParse(input)
  const value = fields.success ? fields.data[name] : undefined
  return typeof value === 'string' ? value : null
}

/** A value exactly: text as it is, all else as JSON. */
export function exactText(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
