import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import { exposureOf } from '../exposure.ts'
import type { Installation } from '../installation.ts'
import { shellWord } from '../place.ts'
import { seeFile } from '../probe/file-modes.ts'

const PLAIN_SQLITE = 'SQLite format 3\0'
/** Settings that are secrets. */
const SECRET_VARIABLES = ['JWT_SECRET', 'ENCRYPTION_KEY', 'API_KEY', 'SETUP_CODE']
/** Bits that nobody guesses; 32 random bytes as hex come to about 250 by the measure used here. */
const LEAST_BITS = 128
const DAY_MS = 86_400_000
const OLD_KEY_DAYS = 365

export const SECRET_CHECKS: readonly Check[] = [
  {
    id: 'secrets-jwt',
    area: 'secrets',
    title: 'The signing key of access tokens is strong',
    severity: 'critical',
    why: 'Whoever guesses it makes tokens for every account.',
    fix: ({ place }) => ({
      text: 'Leave JWT_SECRET unset: the server makes a random key, keeps it in its data folder and can rotate it.',
      command: place.setting('JWT_SECRET', ''),
    }),
    references: { guide: ['before-1'], asvs: ['11.5.1', '9.1.3'] },
    look: lookAtSigningKey,
  },
  {
    id: 'secrets-jwt-age',
    area: 'secrets',
    title: 'The signing key is not old',
    severity: 'low',
    why: 'A key that leaked unnoticed ends with its rotation. Nobody is signed out by it.',
    fix: ({ place }) => ({ text: 'Rotate the key.', command: place.product('keys rotate --jwt') }),
    references: { guide: ['before-1'], asvs: ['13.3.4'] },
    look: lookAtKeyAge,
  },
  {
    id: 'secrets-database-encrypted',
    area: 'secrets',
    title: 'The database is encrypted',
    severity: 'critical',
    why: 'A copy of the file, such as one in a backup, must tell nothing.',
    fix: ({ place }) => ({
      text: 'The server writes an encrypted database alone; this file was made by something else. Move it away, and restore a backup.',
      command: place.restart,
    }),
    references: { guide: ['ongoing-5'], issue: ['vault-database'], asvs: ['14.2.4'] },
    look: lookAtEncryption,
  },
  {
    id: 'secrets-database-key',
    area: 'secrets',
    title: 'The key of the database lies apart from it',
    severity: 'medium',
    why: 'Whoever copies the data folder, as a backup of the disk does, has the key beside what it opens.',
    fix: ({ place, config: { dataDirectory } }) => ({
      text:
        'Move the key to a file elsewhere, or to where systemd or Docker keep secrets, and name it in ENCRYPTION_KEY_FILE. It stays the same key: ' +
        `that of ${join(dataDirectory, 'keys', 'database.key')}, which can be removed once the server starts without it.`,
      command: place.setting('ENCRYPTION_KEY_FILE', '/etc/ai-code-ui/encryption-key'),
    }),
    references: { guide: ['ongoing-5'], issue: ['vault-keys'], asvs: ['13.3.1', '11.1.1'] },
    look: lookAtDatabaseKey,
  },
  {
    id: 'secrets-environment',
    area: 'secrets',
    title: 'The environment of the server holds no secret',
    severity: 'medium',
    why: 'Environments end up in crash reports, in service files and in the eyes of whoever may list processes.',
    fix: ({ place }) => ({
      text: 'Put the secret into a file that its owner alone reads and name that with _FILE at the end, as in JWT_SECRET_FILE; or leave it to the server to make one.',
      command: place.setting('JWT_SECRET_FILE', '/etc/ai-code-ui/jwt-secret'),
    }),
    references: { guide: ['before-1'], issue: ['vault-keys'], asvs: ['13.3.1'] },
    needs: 'process',
    look: lookAtEnvironment,
  },
  {
    id: 'secrets-setup-code',
    area: 'secrets',
    title: 'Nobody else can make the first account',
    severity: 'high',
    why: 'Whoever makes the first account owns the installation.',
    fix: ({ config: { dataDirectory } }) => ({
      text: 'Open the app and make the first account now, with the setup code.',
      command: `cat ${shellWord(join(dataDirectory, 'setup-code'))}`,
    }),
    references: { guide: ['ongoing-4'], asvs: ['6.3.2'] },
    needs: 'database',
    look: lookAtSetup,
  },
]

function lookAtSigningKey({ config: { jwtSecret, dataDirectory } }: Installation): Promise<Finding> | Finding {
  if (jwtSecret === null) return lookAtRing(dataDirectory)
  const bits = Math.floor(entropyOf(jwtSecret))
  const seen = `JWT_SECRET is set, with ${String(Buffer.byteLength(jwtSecret))} bytes.`
  if (bits < LEAST_BITS) return fail(`${seen} It holds no more than ${String(bits)} bits of chance.`)
  return warn(`${seen} A key that is set by hand is not rotated by the product.`)
}

async function lookAtRing(dataDirectory: string): Promise<Finding> {
  const ring = await ringFile(dataDirectory)
  if (ring === null) return notApplicable('No signing key was made yet; the server makes a random one at its first start.')
  return pass('The server made a random key of 256 bits and keeps it outside of the database.')
}

async function lookAtKeyAge({ config: { jwtSecret, dataDirectory }, now }: Installation): Promise<Finding> {
  if (jwtSecret !== null) return warn('JWT_SECRET is set by hand; how old it is cannot be seen.')
  const ring = await ringFile(dataDirectory)
  if (ring === null) return notApplicable('No signing key was made yet.')
  const days = Math.floor((now.getTime() - ring.stats.mtimeMs) / DAY_MS)
  return days > OLD_KEY_DAYS
    ? warn(`The key was last changed ${String(days)} days ago.`)
    : pass(`The key was last changed ${String(Math.max(0, days))} days ago.`)
}

async function ringFile(dataDirectory: string) {
  for (const name of ['jwt-ring.json', 'jwt.key']) {
    const seen = await seeFile(join(dataDirectory, 'keys', name))
    if (seen !== null) return seen
  }
  return null
}

/** Shannon's measure over the characters: an upper bound of what an attacker has to guess. */
function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character)
  const bits = [...counts.values()].map(({ length }) => -length * Math.log2(length / text.length))
  return bits.reduce((total, each) => total + each, 0)
}

async function lookAtEncryption({ config: { databasePath } }: Installation): Promise<Finding> {
  if ((await seeFile(databasePath)) === null) return notApplicable(`There is no ${databasePath} yet.`)
  const file = await open(databasePath, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    if (bytesRead < 16) return unseen(`${databasePath} is empty.`)
    return buffer.toString('latin1') === PLAIN_SQLITE
      ? fail(`${databasePath} is a plain SQLite file.`)
      : pass(`${databasePath} does not begin as a plain SQLite file does; its first page is encrypted.`)
  } finally {
    await file.close()
  }
}

async function lookAtDatabaseKey({ config: { encryptionKey, dataDirectory, secretFiles } }: Installation): Promise<Finding> {
  const path = join(dataDirectory, 'keys', 'database.key')
  const isBeside = (await seeFile(path)) !== null
  if (encryptionKey === null)
    return isBeside ? warn(`It is ${path}, in the folder of the database.`) : notApplicable('No key was made yet.')
  const inside = secretFiles.filter((file) => file.startsWith(`${dataDirectory}/`))
  if (inside.length > 0) return warn(`It comes from ${inside.join(', ')}, in the folder of the database.`)
  return isBeside
    ? warn(`It is given from outside, but ${path} still lies in the folder of the database.`)
    : pass('It is given from outside of the data folder.')
}

function lookAtEnvironment({ process: server }: Installation): Finding {
  if (server?.environment == null) return unseen('the environment of the server cannot be read from here.')
  const { environment } = server
  const held = SECRET_VARIABLES.filter((name) => (environment[name] ?? '') !== '')
  return held.length === 0 ? pass('None of its secrets is there.') : warn(`It holds ${held.join(', ')}.`)
}

async function lookAtSetup({ config, database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  if (config.platformMode) return notApplicable('Platform mode is on: there are no accounts to sign in to.')
  const { count } = await database
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  const file = await seeFile(join(config.dataDirectory, 'setup-code'))
  if (count > 0)
    return file === null
      ? pass('There is an account, and the setup code is gone.')
      : warn('There is an account, but the setup code still lies in the data folder.')
  return exposureOf(config) === 'local'
    ? warn('There is no account yet. The first one needs the setup code.')
    : fail('There is no account yet, and others can reach the server; the setup code alone is in their way.')
}
