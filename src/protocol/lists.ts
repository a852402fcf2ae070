import * as z from 'zod/mini'

/** Query of every paged list. */
export const PageQuery = z.object({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 100),
  cursor: z.optional(z.string().check(z.maxLength(512))),
})
export type PageQuery = z.infer<typeof PageQuery>

/** One page of a list of `item`. */
export function pageOf<Item extends z.ZodMiniType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.nullable(z.string()) })
}

export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}
