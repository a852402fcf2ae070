import { type KeyObject, sign, verify } from 'node:crypto'
import * as z from 'zod/mini'
import { Sha256, Timestamp } from '#protocol/ids'
import { canonicalJson } from '../platform/canonical-json.ts'
import { type AuditKey, keyIdOf } from './audit-key.ts'

/** A signed statement that the entry `seq` has the hash `hash`, and so that everything before it is as it was. */
export const Checkpoint = z.object({
  seq: z.int().check(z.positive()),
  hash: Sha256,
  at: Timestamp,
  keyId: z.string(),
  /** Ed25519 over the canonical JSON of the other members and `v` 1, base64. */
  signature: z.string(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

export function signCheckpoint(entry: { seq: number; hash: string; at: Date }, key: AuditKey): Checkpoint {
  const statement = { seq: entry.seq, hash: entry.hash, at: entry.at.toISOString(), keyId: key.id }
  return { ...statement, signature: sign(null, bytesOf(statement), key.privateKey).toString('base64') }
}

/** Null where the signature is of that key; else what is wrong with it, as the end of a sentence. */
export function checkpointFault({ signature, ...statement }: Checkpoint, publicKey: KeyObject): string | null {
  if (statement.keyId !== keyIdOf(publicKey)) return 'is signed by another key'
  return verify(null, bytesOf(statement), publicKey, Buffer.from(signature, 'base64')) ? null : 'has a signature that is not valid'
}

function bytesOf(statement: Omit<Checkpoint, 'signature'>): Buffer {
  return Buffer.from(canonicalJson({ ...statement, v: 1 }))
}
