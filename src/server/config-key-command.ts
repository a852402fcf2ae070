import { spawnSync } from 'node:child_process'
import { isAbsolute } from 'node:path'

type Source = Record<string, string | undefined>

/** Names a program that prints the key, such as the client of a key vault. */
const KEY_COMMAND_VARIABLE = 'ENCRYPTION_KEY_COMMAND'

/** A key vault that does not answer must not keep a service manager waiting for ever. */
const DEFAULT_TIMEOUT_MS = 10_000
/** A key has 64 characters; whoever prints a book prints no key. */
const MOST_OUTPUT_BYTES = 4096
const EXAMPLE = `for example ${KEY_COMMAND_VARIABLE}="/usr/bin/pass show ai-code-ui"`

interface KeyCommandPlace {
  /** The process's own environment: the one place where a command to run is believed. */
  environment: Source
  /** What a `.env` of the working directory says: whoever wrote that folder may not be whoever starts the server. */
  dotEnv: Source
  /** Whether the key is given in another way as well. */
  hasOtherKey: boolean
  timeoutMs?: number
}

/**
 * Runs the command of `ENCRYPTION_KEY_COMMAND`, without a shell: words are split at spaces, and quotes mean nothing.
 * What it prints goes nowhere but into the answer, also where it fails.
 * @param mistakes takes one sentence where there is no key to be had
 * @returns `ENCRYPTION_KEY` as it is to be parsed, or nothing where no command is set
 */
export function runKeyCommand(place: KeyCommandPlace, mistakes: string[]): Source {
  if ((place.dotEnv[KEY_COMMAND_VARIABLE] ?? '') !== '' && place.environment[KEY_COMMAND_VARIABLE] === undefined) {
    mistakes.push(`${KEY_COMMAND_VARIABLE} is not taken from a .env, since it is run; set it in the environment, ${EXAMPLE}`)
    return {}
  }
  const words = (place.environment[KEY_COMMAND_VARIABLE] ?? '').split(' ').filter((word) => word !== '')
  const [program, ...parameters] = words
  if (program === undefined) return {}
  const key = place.hasOtherKey
    ? { mistake: 'and another ENCRYPTION_KEY are both set; which one counts would be a guess, for example unset ENCRYPTION_KEY' }
    : run(program, parameters, place)
  if (typeof key === 'string') return { ENCRYPTION_KEY: key }
  mistakes.push(`${KEY_COMMAND_VARIABLE} ${key.mistake}`)
  return {}
}

function run(program: string, parameters: string[], { environment, timeoutMs }: KeyCommandPlace): string | { mistake: string } {
  if (!isAbsolute(program)) return { mistake: `must begin with the absolute path of a program, ${EXAMPLE}` }
  const { error, signal, status, stdout } = spawnSync(program, parameters, {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT_BYTES,
    shell: false,
  })
  if (error) return { mistake: `could not be run to its end (${codeOf(error)}); run it by hand to see why` }
  if (status !== 0) return { mistake: `failed (${signal ?? `exit code ${String(status)}`}); run it by hand to see why` }
  const key = stdout.replace(/\r?\n$/, '')
  return key === '' ? { mistake: 'printed nothing; it must print 32 bytes as hex or base64' } : key
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}
