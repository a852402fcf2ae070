import { randomBytes } from 'node:crypto'
import { sha256 } from '../random-token.ts'

/** Crockford's base 32: no letter that looks like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const GROUPS = /.{4}/g

/** 80 random bits as `xxxx-xxxx-xxxx-xxxx`. */
export function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(16), (byte) => ALPHABET[byte % ALPHABET.length])
  return (letters.join('').match(GROUPS) ?? []).join('-')
}

/** What is stored and compared: case, dashes, spaces and look-alike letters do not matter. */
export function recoveryCodeHash(code: string): string {
  return sha256(code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1'))
}
