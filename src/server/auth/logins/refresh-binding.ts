import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '../../platform/domain-error.ts'

/*
 * Browsers give cookies to every port of a host name, but a page's storage to its own origin alone. So the cookie that our
 * pages are given is of no use without a second half, which they keep in that storage and send with each request.
 */

const HEADER = 'x-refresh-binding'
/** Tells a bound value from a bare token, which has no dot. */
const PREFIX = 'b.'
const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** A header that none of our pages sends. */
class MalformedBindingError extends DomainError {
  constructor() {
    super(
      'BAD_REQUEST',
      'The header X-Refresh-Binding must be 32 random bytes in base64url, 43 characters. Leave it out, or send your own.',
    )
  }
}

/** The half that whoever asks keeps, 32 bytes; null from a client that keeps none. @throws MalformedBindingError */
export function bindingOf({ headers }: FastifyRequest): Buffer | null {
  const text = headers[HEADER]
  if (text === undefined) return null
  if (typeof text !== 'string' || !/^[\w-]{43}$/.test(text)) throw new MalformedBindingError()
  return Buffer.from(text, 'base64url')
}

/** Whether a cookie's value needs a half to be read. */
export function isBound(value: string): boolean {
  return value.startsWith(PREFIX)
}

/** The token as a cookie's value that only `binding` opens, and only under the cookie's name. */
export function bind(token: string, binding: Buffer, cookieName: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(binding), iv).setAAD(Buffer.from(cookieName))
  const sealed = Buffer.concat([iv, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return PREFIX + sealed.toString('base64url')
}

/** The token in a bound value; null where it was bound to another half, under another name, or not at all. */
export function unbind(value: string, binding: Buffer, cookieName: string): string | null {
  const sealed = Buffer.from(value.slice(PREFIX.length), 'base64url')
  if (!isBound(value) || sealed.length < IV_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv(CIPHER, keyOf(binding), sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(cookieName)).setAuthTag(sealed.subarray(-TAG_BYTES))
  const token = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([token, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function keyOf(binding: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', binding, '', 'ai-code-ui refresh cookie v1', 32))
}
