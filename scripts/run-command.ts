import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's top folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface CommandResult {
  /** Null when a signal ended it. */
  exitCode: number | null
  /** Standard output and standard error, in the order they came. */
  output: string
  durationMs: number
}

/** Runs `command` (its name and arguments, no shell) in the repository and collects what it prints. Never throws for a failed command. */
export function runCommand(command: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<CommandResult> {
  const [name = '', ...parameters] = command
  const startedAt = performance.now()
  const chunks: Buffer[] = []
  const child = spawn(name, parameters, {
    cwd: options.cwd ?? ROOT,
    // What is collected is read later, maybe in a file: no colours.
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result = (exitCode: number | null): CommandResult => ({
    exitCode,
    output: Buffer.concat(chunks).toString('utf8'),
    durationMs: performance.now() - startedAt,
  })
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${name} could not be started: ${error.message}\n`))
      resolve(result(127))
    })
    child.on('close', (exitCode) => resolve(result(exitCode)))
  })
}

/** The command has said on this terminal what went wrong, so where it was written in our code is of no use. */
export class CommandFailedError extends Error {
  constructor(command: readonly string[], exitCode: number | null) {
    super(`\`${command.join(' ')}\` failed with exit code ${String(exitCode)}.`)
    this.stack = this.message
  }
}

/** Runs `command` with its output on this terminal. @throws CommandFailedError when it fails */
export async function runVisibly(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const [name = '', ...parameters] = command
  const child = spawn(name, parameters, { cwd: ROOT, env: { ...process.env, ...env }, stdio: 'inherit' })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (exitCode !== 0) throw new CommandFailedError(command, exitCode)
}

/** Runs `command` and shows its output only where it fails. @throws CommandFailedError when it does */
export async function runQuietly(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { exitCode, output } = await runCommand(command, { env })
  if (exitCode === 0) return
  console.error(output)
  throw new CommandFailedError(command, exitCode)
}
