import type { Role } from '#protocol/auth'
import type { Database } from '../../platform/database.ts'
import { type Check, fail, type Finding, failIfAny, listed, notApplicable, pass, unseen, warn, warnIfAny } from '../check.ts'
import { exposureOf } from '../exposure.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'

const DAY_MS = 86_400_000
const UNUSED_DAYS = 90
const STALE_DAYS = 30
/** OWASP's least for bcrypt, and what is usual now. */
const LEAST_ROUNDS = 10
const GOOD_ROUNDS = 12

export const ACCOUNT_CHECKS: readonly Check[] = [
  {
    id: 'accounts-platform-mode',
    area: 'accounts',
    title: 'Platform mode is off',
    severity: 'critical',
    why: 'In platform mode there is no login: whoever reaches the address runs commands on this machine.',
    fix: (installation) => settingFix(installation, 'Turn it off.', 'PLATFORM_MODE', 'false'),
    references: { guide: ['before-6'], asvs: ['6.3.2'] },
    look: ({ config }) => {
      if (!config.platformMode) return pass('PLATFORM_MODE is off.')
      return exposureOf(config) === 'local'
        ? warn(`PLATFORM_MODE is on, and ${config.host} can be reached from this machine alone.`)
        : fail('PLATFORM_MODE is on, and other machines can reach the server.')
    },
  },
  {
    id: 'accounts-second-factor',
    area: 'accounts',
    title: 'Every account has a second factor',
    severity: 'high',
    why: 'A password that was guessed, reused or seen over a shoulder then opens nothing by itself.',
    fix: () => ({ text: 'Each person adds an authenticator app or a passkey under "Account and devices".', command: null }),
    references: { guide: ['ongoing-3'], asvs: ['6.3.3'] },
    needs: 'database',
    look: lookAtFactors,
  },
  {
    id: 'accounts-password-hashes',
    area: 'accounts',
    title: 'Password hashes are slow to guess',
    severity: 'high',
    why: 'Whoever gets hold of the hashes tries passwords on them at leisure.',
    fix: (installation) =>
      settingFix(installation, 'Raise the cost; each hash is renewed when its owner signs in next.', 'BCRYPT_ROUNDS', '12'),
    references: { guide: ['ongoing-4'], asvs: ['11.4.2'] },
    needs: 'database',
    look: lookAtHashes,
  },
  {
    id: 'accounts-unused',
    area: 'accounts',
    title: 'Every account is in use',
    severity: 'medium',
    why: 'Nobody notices when a forgotten account is taken over.',
    fix: ({ place }) => ({ text: 'Disable the accounts that nobody needs.', command: place.product('user disable NAME') }),
    references: { guide: ['ongoing-3'], asvs: ['6.3.2'] },
    needs: 'database',
    look: lookAtUnused,
  },
  {
    id: 'accounts-logins',
    area: 'accounts',
    title: 'No device is signed in that is not used',
    severity: 'low',
    why: 'A lost or sold device that is still signed in is a key that lies around.',
    fix: () => ({ text: 'Each person ends them under "Account and devices".', command: null }),
    references: { guide: ['ongoing-3'], asvs: ['7.4.5'] },
    needs: 'database',
    look: lookAtLogins,
  },
  {
    id: 'accounts-key-expiry',
    area: 'accounts',
    title: 'Every API key expires',
    severity: 'medium',
    why: 'A key that leaks from a script works until somebody notices, or until it expires.',
    fix: () => ({ text: 'Make keys that expire, and revoke the ones that do not, under "Account and devices".', command: null }),
    references: { guide: ['ongoing-3'], asvs: ['13.3.4'] },
    needs: 'database',
    look: (installation) =>
      lookAtKeys(installation, ({ expires_at: expires }) => expires === null, 'never expires', 'Every API key expires.'),
  },
  {
    id: 'accounts-key-use',
    area: 'accounts',
    title: 'Every API key is in use',
    severity: 'medium',
    why: 'Nobody notices when a forgotten key is used by somebody else.',
    fix: () => ({ text: 'Revoke the keys that nothing uses under "Account and devices".', command: null }),
    references: { guide: ['ongoing-3'], asvs: ['13.3.4'] },
    needs: 'database',
    look: (installation) =>
      lookAtKeys(
        installation,
        ({ created_at: created, last_used_at: used }) => daysSince(installation.now, used ?? created) > STALE_DAYS,
        `was not used for ${String(STALE_DAYS)} days`,
        'Every API key was used within a month.',
      ),
  },
  {
    id: 'accounts-token-lifetime',
    area: 'accounts',
    title: 'Access tokens and logins end soon enough',
    severity: 'medium',
    why: 'A stolen token works until it ends.',
    fix: (installation) => settingFix(installation, 'Go back to 15 minutes, and 30 days for a device.', 'ACCESS_TOKEN_TTL', '900'),
    references: { guide: ['ongoing-3'], asvs: ['7.3.2', '9.2.1'] },
    look: ({ config: { accessTokenTtlSeconds: access, refreshTokenTtlSeconds: refresh } }) => {
      const seen = `Access tokens last ${String(Math.round(access / 60))} minutes, logins ${String(Math.round(refresh / 86_400))} days.`
      if (access > 14_400) return fail(seen)
      return access > 3600 || refresh > 90 * 86_400 ? warn(seen) : pass(seen)
    },
  },
]

interface KeyRow {
  name: string
  username: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

async function lookAtFactors({ config, database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  if (config.platformMode) return notApplicable('Platform mode is on: there are no accounts to sign in to.')
  const users = await usersOf(database)
  if (users.length === 0) return notApplicable('There is no account yet.')
  const totp = await database.selectFrom('totp_secrets').select('user_id').where('confirmed_at', 'is not', null).execute()
  const passkeys = await database.selectFrom('passkeys').select('user_id').distinct().execute()
  const safe = new Set<string>([...totp, ...passkeys].map((row) => row.user_id))
  const without = users.filter(({ id }) => !safe.has(id))
  if (without.length === 0) return pass(`All ${String(users.length)} accounts have one.`)
  const seen = `Without one: ${listed(without.map(({ username, role }) => `${username} (${role})`))}`
  // An owner's password alone then opens the machine to whoever can reach it.
  return without.some(({ role }) => role === 'owner') && exposureOf(config) !== 'local' ? fail(seen) : warn(seen)
}

async function lookAtHashes({ config, database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  if (config.platformMode) return notApplicable('Platform mode is on: passwords are not used.')
  const rows = await database.selectFrom('users').select(['username', 'password_hash']).where('removed_at', 'is', null).execute()
  if (rows.length === 0) return notApplicable('There is no account yet.')
  const costs = rows.map(({ username, password_hash: hash }) => ({ username, rounds: Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1] ?? 0) }))
  const weak = costs.filter(({ rounds }) => rounds < LEAST_ROUNDS)
  if (weak.length > 0)
    return failIfAny(
      weak.map(({ username, rounds }) => `${username}: cost ${String(rounds)}`),
      '',
    )
  const low = costs.filter(({ rounds }) => rounds < GOOD_ROUNDS).map(({ username, rounds }) => `${username}: cost ${String(rounds)}`)
  return warnIfAny(low, `All are bcrypt with a cost of ${String(Math.min(...costs.map(({ rounds }) => rounds)))} or more.`)
}

async function lookAtUnused({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const users = await usersOf(database)
  if (users.length === 0) return notApplicable('There is no account yet.')
  const unused = users.filter((user) => daysSince(now, user.last_login_at ?? user.created_at) > UNUSED_DAYS)
  return warnIfAny(
    unused.map(({ username }) => `${username} did not sign in for ${String(UNUSED_DAYS)} days`),
    `All ${String(users.length)} accounts signed in within ${String(UNUSED_DAYS)} days.`,
  )
}

async function lookAtLogins({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const logins = await database
    .selectFrom('logins')
    .innerJoin('users', 'users.id', 'logins.user_id')
    .select(['users.username', 'logins.device', 'logins.last_used_at'])
    .where('logins.ended_at', 'is', null)
    .where('logins.expires_at', '>', now.toISOString())
    .execute()
  const stale = logins.filter((login) => daysSince(now, login.last_used_at) > STALE_DAYS)
  return warnIfAny(
    stale.map(({ username, device, last_used_at: used }) => `${username}: ${device}, last used ${used.slice(0, 10)}`),
    `${String(logins.length)} devices are signed in; all were used within a month.`,
  )
}

async function lookAtKeys(
  { database, now }: Installation,
  isWrong: (key: KeyRow) => boolean,
  fault: string,
  good: string,
): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const keys = await database
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .select(['api_keys.name', 'users.username', 'api_keys.created_at', 'api_keys.expires_at', 'api_keys.last_used_at'])
    .where('api_keys.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('api_keys.expires_at', 'is', null), eb('api_keys.expires_at', '>', now.toISOString())]))
    .execute()
  if (keys.length === 0) return notApplicable('There is no API key.')
  return warnIfAny(
    keys.filter(isWrong).map(({ name, username }) => `"${name}" of ${username} ${fault}`),
    good,
  )
}

/** Those who may sign in. */
function usersOf(
  database: Database,
): Promise<{ id: string; username: string; role: Role; created_at: string; last_login_at: string | null }[]> {
  return database
    .selectFrom('users')
    .select(['id', 'username', 'role', 'created_at', 'last_login_at'])
    .where('removed_at', 'is', null)
    .where('disabled_at', 'is', null)
    .execute()
}

function daysSince(now: Date, at: string): number {
  return (now.getTime() - Date.parse(at)) / DAY_MS
}
