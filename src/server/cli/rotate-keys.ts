import { rotateJwtKey } from '../auth/tokens/key-ring.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { HOST_ACTOR, readOwnConfig, withData } from './open-data.ts'
import type { Output } from './output.ts'

/**
 * `keys rotate`. A server that runs on the data folder notices by itself.
 * @returns the exit code
 */
export async function rotateKeys({ flags, encryption }: { flags: Flags; encryption: boolean }, { print, warn }: Output): Promise<number> {
  process.umask(0o077)
  const config = readOwnConfig(flags)
  if (encryption) {
    warn(
      'This version cannot rotate the encryption key yet. Nothing was changed; use "keys rotate --jwt" for the key of the access tokens.',
    )
    return 1
  }
  if (config.jwtSecret !== null) {
    warn('The key of the access tokens comes from JWT_SECRET, so it must be changed there by hand. Nothing was changed.')
    return 1
  }
  const at = new Date()
  const { kid, retiredKid } = rotateJwtKey(config.dataDirectory, at)
  print(`Access tokens are signed with the new key ${kid} from now on. The key ${retiredKid} verifies until its tokens have expired.`)
  // A key that leaked must go also where the database cannot be opened.
  await withData(flags, ({ database }) =>
    recordAudit(database, { at, actor: HOST_ACTOR, action: 'keys.rotated', subject: kid, details: { kind: 'jwt', retired: retiredKid } }),
  ).catch((error: unknown) => {
    warn(`It could not be written to the audit log: ${error instanceof Error ? error.message : String(error)}`)
  })
  return 0
}
