import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes as base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Lower-case hex. Enough for what is random; passwords need bcrypt. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
