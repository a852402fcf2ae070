import { parseArgs } from 'node:util'
import type { KeyChoice } from '../backup/backup-key.ts'
import type { Flags } from '../config.ts'
import type { UserCommand } from './manage-users.ts'

export type Command =
  | { name: 'start'; flags: Flags }
  | { name: 'keys rotate'; flags: Flags; jwt: boolean; encryption: boolean }
  | { name: 'user'; flags: Flags; command: UserCommand }
  | { name: 'audit verify'; flags: Flags; json: boolean }
  | { name: 'audit export'; flags: Flags; from?: string; to?: string; all: boolean }
  | { name: 'audit public-key'; flags: Flags }
  | { name: 'doctor'; flags: Flags; json: boolean }
  | ({ name: 'backup' | 'restore'; flags: Flags; file: string } & KeyChoice)
  | { name: 'version' }
  | { name: 'help' }
  | { name: 'mistake'; sentence: string }

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  'demo-pace': { type: 'string' },
  'revoke-keys': { type: 'boolean' },
  jwt: { type: 'boolean' },
  encryption: { type: 'boolean' },
  json: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  all: { type: 'boolean' },
  passphrase: { type: 'boolean' },
  'passphrase-file': { type: 'string' },
  'key-file': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

type Option = keyof typeof OPTIONS
type Values = ReturnType<typeof parse>['values']

/** One command: what it takes, and how that becomes a {@link Command}. */
interface Shape {
  options: readonly Option[]
  /** What each word after the command stands for, as in `NAME`; all are needed. */
  words: readonly string[]
  read: (values: Values, words: readonly string[]) => Command
}

const COMMANDS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['start', { options: ['port', 'host', 'data-dir', 'demo', 'demo-pace'], words: [], read: readStart }],
  ['keys rotate', { options: ['data-dir', 'jwt', 'encryption'], words: [], read: readKeysRotate }],
  [
    'user list',
    { options: ['data-dir'], words: [], read: (values) => ({ name: 'user', flags: flagsOf(values), command: { action: 'list' } }) },
  ],
  [
    'user reset-password',
    {
      options: ['data-dir', 'revoke-keys'],
      words: ['NAME'],
      read: ({ 'revoke-keys': revoke, ...values }, [username = '']) => ({
        name: 'user',
        flags: flagsOf(values),
        command: { action: 'reset-password', username, revokeKeys: revoke === true },
      }),
    },
  ],
  ['user reset-factors', userCommand('reset-factors')],
  ['user disable', userCommand('disable')],
  ['user enable', userCommand('enable')],
  [
    'audit verify',
    {
      options: ['data-dir', 'json'],
      words: [],
      read: (values) => ({ name: 'audit verify', flags: flagsOf(values), json: values.json === true }),
    },
  ],
  ['audit export', { options: ['data-dir', 'from', 'to', 'all'], words: [], read: readAuditExport }],
  ['audit public-key', { options: ['data-dir'], words: [], read: (values) => ({ name: 'audit public-key', flags: flagsOf(values) }) }],
  [
    'doctor',
    {
      options: ['data-dir', 'json'],
      words: [],
      read: (values) => ({ name: 'doctor', flags: flagsOf(values), json: values.json === true }),
    },
  ],
  ['backup', archiveCommand('backup')],
  ['restore', archiveCommand('restore')],
  ['version', { options: [], words: [], read: () => ({ name: 'version' }) }],
  ['help', { options: [], words: [], read: () => ({ name: 'help' }) }],
])

/** What the command line asks for; `arguments_` without the executable and the script. */
export function parseCommand(arguments_: readonly string[]): Command {
  try {
    const { values, positionals } = parse(arguments_)
    if (values.help === true) return { name: 'help' }
    if (values.version === true) return { name: 'version' }
    return commandOf(positionals, values)
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error))
  }
}

function parse(arguments_: readonly string[]) {
  return parseArgs({ args: [...arguments_], options: OPTIONS, allowPositionals: true })
}

function commandOf(positionals: string[], values: Values): Command {
  const found = findShape(positionals)
  if (!found) return mistake(`"${positionals.slice(0, 2).join(' ')}" is not a command of this version`)
  const { name, shape, words } = found
  const foreign = Object.keys(values).find((option) => !shape.options.some((own) => own === option))
  if (foreign !== undefined) return mistake(`"--${foreign}" is not for "${name}"`)
  const missing = shape.words[words.length]
  if (missing !== undefined) return mistake(`"${name}" needs ${missing}`)
  if (words.length > shape.words.length) return mistake(`"${words.slice(shape.words.length).join(' ')}" is one word too many`)
  return shape.read(values, words)
}

/** Commands are one word or two, as in `keys rotate`; none means `start`. */
function findShape(positionals: string[]): { name: string; shape: Shape; words: string[] } | null {
  const all = positionals.length === 0 ? ['start'] : positionals
  for (const length of [2, 1]) {
    const name = all.slice(0, length).join(' ')
    const shape = COMMANDS.get(name)
    if (shape) return { name, shape, words: all.slice(length) }
  }
  return null
}

function userCommand(action: Exclude<UserCommand['action'], 'list' | 'reset-password'>): Shape {
  return {
    options: ['data-dir'],
    words: ['NAME'],
    read: (values, [username = '']) => ({ name: 'user', flags: flagsOf(values), command: { action, username } }),
  }
}

function archiveCommand(name: 'backup' | 'restore'): Shape {
  return {
    options: ['data-dir', 'passphrase', 'passphrase-file', 'key-file'],
    words: ['FILE'],
    read: ({ passphrase, 'passphrase-file': passphraseFile, 'key-file': keyFile, ...values }, [file = '']) => {
      if ([passphrase, passphraseFile, keyFile].filter((each) => each !== undefined).length > 1)
        return mistake('"--passphrase", "--passphrase-file" and "--key-file" exclude each other')
      return {
        name,
        flags: flagsOf(values),
        file,
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(passphraseFile === undefined ? {} : { passphraseFile }),
        ...(keyFile === undefined ? {} : { keyFile }),
      }
    },
  }
}

function readAuditExport({ from, to, ...values }: Values): Command {
  const all = values.all === true
  if (all && (from !== undefined || to !== undefined)) return mistake('"--all" takes no "--from" and no "--to"')
  const wrong = [from, to].find((time) => time !== undefined && Number.isNaN(Date.parse(time)))
  if (wrong !== undefined) return mistake(`"${wrong}" is no time; write it as in 2026-11-01 or 2026-11-01T08:00:00Z`)
  return {
    name: 'audit export',
    flags: flagsOf(values),
    all,
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
  }
}

function readStart(values: Values): Command {
  const { demo, 'demo-pace': pace } = values
  if (pace === undefined) return { name: 'start', flags: flagsOf(values) }
  if (demo !== true) return mistake('"--demo-pace" goes with --demo')
  if (!/^\d{1,4}$/.test(pace)) return mistake(`"${pace}" is no pace; write milliseconds, from 0 to 9999`)
  return { name: 'start', flags: { ...flagsOf(values), demoPaceMs: Number(pace) } }
}

function readKeysRotate(values: Values): Command {
  const jwt = values.jwt === true
  const encryption = values.encryption === true
  if (!jwt && !encryption) return mistake('Say which key to rotate: "keys rotate --jwt"')
  return { name: 'keys rotate', flags: flagsOf(values), jwt, encryption }
}

function flagsOf(values: Values): Flags {
  return {
    ...(values.port === undefined ? {} : { port: values.port }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    ...(values.demo === undefined ? {} : { demo: values.demo }),
  }
}

function mistake(what: string): Command {
  return { name: 'mistake', sentence: `${what.replace(/\.?$/, '.')} See ai-code-ui help.` }
}

export const HELP = `AI Code UI: a web UI for the coding agents on this machine

  ai-code-ui [start] [--port N] [--host H] [--data-dir D] [--demo [--demo-pace MS]]
                         run the server; --demo needs no key and no network, and says a word each 15 ms unless told otherwise
  ai-code-ui keys rotate --jwt
                         sign access tokens with a new key; nobody is signed out
  ai-code-ui user list   who has an account here
  ai-code-ui user reset-password NAME [--revoke-keys] | reset-factors NAME | disable NAME | enable NAME
                         accounts, from the host, without signing in
  ai-code-ui audit verify [--json]
                         check the whole audit log; exit 1 where it was changed
  ai-code-ui audit export [--from T] [--to T] | --all
                         the audit log as JSON Lines; --all with its sealed segments
  ai-code-ui audit public-key
                         what its signatures are checked with; note the fingerprint elsewhere
  ai-code-ui backup FILE [--passphrase | --passphrase-file P | --key-file K]
                         everything that is needed to come back, encrypted, while the server runs;
                         opens with the key that is written to FILE.key unless another way is chosen
  ai-code-ui restore FILE [--passphrase | --passphrase-file P | --key-file K]
                         a backup into an empty data folder, once it is checked; all logins end
  ai-code-ui doctor [--json]
                         the security checklist of this installation; exit 1 where a check fails
  ai-code-ui version     print the version
  ai-code-ui help        print this

Settings come from flags, the environment, .env and config.json in the data folder, in this order.
Commands other than start work on the data folder (--data-dir D), also while the server runs.
`
