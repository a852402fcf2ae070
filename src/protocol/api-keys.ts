import * as z from 'zod/mini'
import { ApiKeyId, Timestamp } from './ids.ts'
import { Scope } from './permissions.ts'

/** A key as a list shows it; the secret is never among it. */
export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string(),
  /** The first characters of the key, to recognise it by. */
  prefix: z.string(),
  scopes: z.array(Scope),
  createdAt: Timestamp,
  expiresAt: z.nullable(Timestamp),
  lastUsedAt: z.nullable(Timestamp),
})
export type ApiKey = z.infer<typeof ApiKey>

/** `POST /api/keys`. */
export const CreateApiKey = z.strictObject({
  /** Shown beside what the key does, so nothing that could make it read as something else. */
  name: z
    .string()
    .check(z.trim(), z.minLength(1, 'is required'), z.maxLength(60), z.regex(/^[^\p{C}]*$/u, 'must not have control characters')),
  scopes: z.array(Scope).check(z.minLength(1, 'must name at least one'), z.maxLength(6)),
  expiresAt: z.optional(z.nullable(Timestamp)),
})
export type CreateApiKey = z.infer<typeof CreateApiKey>

/** The one answer that holds the key itself: `acu_` and 32 random bytes as base64url. */
export const CreatedApiKey = z.extend(ApiKey, { key: z.string() })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>
