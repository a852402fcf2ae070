import * as z from 'zod/mini'

/** A part of a message. One tolerant shape for all kinds, since the agent may send kinds that this script does not know. */
const ContentPart = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  input: z.optional(z.unknown()),
  tool_use_id: z.optional(z.string()),
  content: z.optional(z.unknown()),
  is_error: z.optional(z.nullable(z.boolean())),
})
export type ContentPart = z.infer<typeof ContentPart>

const Content = z.union([z.string(), z.array(ContentPart)])

/** The fields of an Anthropic Messages request that the script looks at. Everything else is let through unread. */
export const ModelRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })).check(z.minLength(1)),
  system: z.optional(Content),
  tools: z.optional(z.array(z.looseObject({ name: z.optional(z.string()) }))),
  stream: z.optional(z.boolean()),
  thinking: z.optional(z.looseObject({ type: z.string() })),
  output_config: z.optional(z.looseObject({ format: z.optional(z.nullable(z.unknown())) })),
})
export type ModelRequest = z.infer<typeof ModelRequest>

/** Content as parts, whichever of its two forms it came in. */
export function partsOf(content: string | ContentPart[]): ContentPart[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

/** The text parts of a message's content, joined by line breaks. */
export function textOf(content: unknown): string {
  const parsed = Content.safeParse(content)
  if (!parsed.success) return ''
  return partsOf(parsed.data)
    .map((part) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n')
}
