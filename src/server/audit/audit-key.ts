import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateDirectory, ensurePrivateFile } from '../platform/data-folder.ts'
import { syncDirectory } from '../platform/durable-file.ts'

/** Signs checkpoints of the audit log. */
export interface AuditKey {
  /** Names the public key: the first 16 hex digits of the SHA-256 of its SPKI form. */
  id: string
  privateKey: KeyObject
  publicKey: KeyObject
}

/**
 * The Ed25519 key in `DATA_DIR/keys/audit.pem` (PKCS #8), made at the first call. Never in the database: who writes the
 * database alone cannot sign.
 * @throws Error when the file holds anything else
 */
export function loadOrMakeAuditKey(dataDirectory: string): AuditKey {
  const directory = join(dataDirectory, 'keys')
  ensurePrivateDirectory(directory)
  const path = join(directory, 'audit.pem')
  ensurePrivateFile(path)
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true })
    syncDirectory(directory)
  }
  return keyIn(path)
}

/** The same key, never made. @returns null where there is none @throws Error when the file holds anything else */
export function loadAuditKey(dataDirectory: string): AuditKey | null {
  const path = join(dataDirectory, 'keys', 'audit.pem')
  return existsSync(path) ? keyIn(path) : null
}

function keyIn(path: string): AuditKey {
  try {
    const privateKey = createPrivateKey(readFileSync(path))
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key')
    const publicKey = createPublicKey(privateKey)
    return { id: keyIdOf(publicKey), privateKey, publicKey }
  } catch (error) {
    throw new Error(
      `The key file ${path} is damaged. Restore it from a backup; without it the audit log's checkpoints cannot be verified.`,
      {
        cause: error,
      },
    )
  }
}

export function keyIdOf(publicKey: KeyObject): string {
  return fingerprintOf(publicKey).slice(0, 16)
}

/** The SHA-256 of the public key's SPKI form in lower-case hex: what people compare and note. */
export function fingerprintOf(publicKey: KeyObject): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex')
}
