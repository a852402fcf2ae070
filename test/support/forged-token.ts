import { createHmac } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'

export interface Forgery {
  /** Over the real header; undefined takes a member away. */
  header?: Record<string, unknown>
  /** Over the real claims; undefined takes one away. */
  claims?: Record<string, unknown>
  secret: string
  digest?: 'sha256' | 'sha512'
  /** In place of the right one. */
  signature?: string
}

/** A real access token with what is changed, signed by hand: libraries refuse to make most of these. */
export function forge(token: string, { header = {}, claims = {}, secret, digest = 'sha256', signature }: Forgery): string {
  const head = encode({ ...decodeProtectedHeader(token), ...header })
  const body = encode({ ...decodeJwt(token), ...claims })
  const signed = createHmac(digest, secret).update(`${head}.${body}`).digest('base64url')
  return `${head}.${body}.${signature ?? signed}`
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
