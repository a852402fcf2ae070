import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/schema.ts'
import type { UserRow } from '../auth-repository.ts'
import type { Notices } from '../logins/notices.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'

/** So many failed attempts before a login are worth a notice. */
const FAILURES_TO_TELL = 5

/** Whoever signs in learns of the attempts that failed before (ASVS 6.3.5). */
export async function tellOfFailures(
  { database, notices, throttle }: { database: Kysely<Tables>; notices: Notices; throttle: LoginThrottle },
  { id, username_key }: UserRow,
): Promise<void> {
  const count = await throttle.takeFailures(username_key)
  if (count < FAILURES_TO_TELL) return
  notices.announce(id, await notices.add(database, { userId: id, kind: 'failed-logins', facts: { count } }))
}
