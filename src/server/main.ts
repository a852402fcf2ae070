import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Command, HELP, parseCommand } from './cli/arguments.ts'
import { standardOutput, writeFully } from './cli/output.ts'
import { type RunningServer, startServer } from './cli/start-server.ts'
import { ConfigError, type Flags } from './config.ts'
import { DomainError } from './platform/domain-error.ts'
import { UnusableDataError } from './platform/unusable-data-error.ts'

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78
/** Shutdown takes no longer than this, whatever hangs. */
const SHUTDOWN_MS = 9000

/** The same depth from `src/server` and from `dist/server`. */
const packageRoot = dirname(dirname(import.meta.dirname))
const version = versionIn(readFileSync(join(packageRoot, 'package.json'), 'utf8'))

/** Read by hand: the schema library would be loaded before anything answers. */
function versionIn(packageFile: string): string {
  const parsed: unknown = JSON.parse(packageFile)
  const isPackage = typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string'
  return isPackage ? String(parsed.version) : 'unknown'
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2))
  switch (command.name) {
    case 'start':
      return orFail(() => start(command.flags))
    case 'version':
      process.stdout.write(`${version}\n`)
      return
    case 'help':
      process.stdout.write(HELP)
      return
    case 'mistake':
      return fail([command.sentence], EXIT_CONFIG)
    default:
      return exitWith(() => runOnHost(command))
  }
}

type HostCommand = Exclude<Command, { name: 'start' | 'version' | 'help' | 'mistake' }>

/** A command that works on the data folder and ends by itself. Loaded on demand, so that the server starts without it. @returns the exit code */
async function runOnHost(command: HostCommand): Promise<number> {
  const { flags } = command
  switch (command.name) {
    case 'keys rotate':
      return (await import('./cli/rotate-keys.ts')).rotateKeys(command, standardOutput)
    case 'user':
      return (await import('./cli/manage-users.ts')).manageUsers(flags, command.command, standardOutput)
    case 'audit verify':
      return (await import('./cli/audit-commands.ts')).verifyAudit(flags, command, standardOutput)
    case 'audit export':
      return (await import('./cli/audit-commands.ts')).exportAudit(flags, command, writeFully)
    case 'audit public-key':
      return (await import('./cli/audit-commands.ts')).printAuditKey(flags, standardOutput)
    case 'backup':
      return (await import('./cli/backup-command.ts')).backUp(flags, { ...command, version }, standardOutput)
    case 'restore':
      return (await import('./cli/restore-command.ts')).restore(flags, command, standardOutput)
    case 'doctor':
      return (await import('./cli/doctor-command.ts')).runDoctor(flags, command, { packageRoot, version })
  }
}

async function start(flags: Flags): Promise<void> {
  // Node would open its inspector on this signal, to every program of this user. A listener takes it away from Node.
  process.on('SIGUSR1', () => undefined)
  // Once the listeners for signals are there: the data folder is claimed in the first step.
  const starting = Promise.resolve().then(() => startServer(flags, { packageRoot, version }))
  stopOnSignal(starting)
  greet(await starting, flags)
}

/** Runs a command that ends by itself; it resolves with its exit code. */
async function exitWith(command: () => Promise<number>): Promise<void> {
  process.exitCode = await orFail(command)
}

async function orFail<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConfigError) fail(error.mistakes, EXIT_CONFIG)
    if (error instanceof UnusableDataError) fail([error.message], EXIT_CONFIG)
    if (error instanceof DomainError) fail([error.message], 1)
    throw error
  }
}

function greet({ url, setupCode, platformUser }: RunningServer, flags: Flags): void {
  const lines = [`AI Code UI ${flags.demo === true ? 'demo ' : ''}is ready: ${url}`]
  if (setupCode !== null) {
    lines.push(`Setup code for the first account: ${setupCode}`, `Or open this link on this machine: ${url}/#setup=${setupCode}`)
  }
  if (platformUser !== null)
    lines.push(
      `Warning: platform mode is on. There is no login: whoever reaches this address acts as "${platformUser}" and can run commands.`,
    )
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** From the first moment: whoever reads that it is ready may ask it to end at once, and a supervisor even earlier. */
function stopOnSignal(starting: Promise<RunningServer>): void {
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) return
    isStopping = true
    const late = setTimeout(() => {
      process.stderr.write('The shutdown took too long; the rest is left to the next start.\n')
      process.exit(0)
    }, SHUTDOWN_MS)
    late.unref()
    // A start that fails tells so by itself.
    starting.then(
      (server) => endWith(server, signal),
      () => undefined,
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  starting.then(
    ({ logger }) => {
      // The last resort: a bug in one request must not end everybody's agents.
      process.on('unhandledRejection', (error) => {
        logger.error({ err: error }, 'unhandled rejection')
      })
    },
    () => undefined,
  )
}

function endWith({ logger, stop }: RunningServer, signal: NodeJS.Signals): void {
  logger.info({ signal }, 'shutting down')
  stop().then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, 'shutdown failed')
      process.exit(1)
    },
  )
}

function fail(sentences: readonly string[], exitCode: number): never {
  process.stderr.write(`${sentences.join('\n')}\n`)
  process.exit(exitCode)
}

await main()
