import { randomBytes } from 'node:crypto'

/** A fresh opaque id such as `ses_3q2-7wAB…`: a prefix that names the kind and 128 random bits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('base64url')}`
}
