import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'

type Source = Record<string, string | undefined>

/** Secrets that may come in a file: an environment is shown by more programs, and for longer, than a file of one user. */
const SECRETS = ['JWT_SECRET', 'ENCRYPTION_KEY', 'API_KEY', 'SETUP_CODE'] as const

/** The variables that name such a file, as in `API_KEY_FILE`. */
export const SECRET_FILE_VARIABLES: readonly string[] = SECRETS.map((name) => `${name}_FILE`)

export interface SecretFiles {
  /** What was read, by the variable that it stands for; the line's end taken off. */
  values: Source
  /** Where it was read from, for keeping agents from it. */
  paths: string[]
}

/**
 * Reads the secrets that are named by `…_FILE`, such as those that Docker, Kubernetes or systemd put beside a process.
 * @param valueOf what the configuration says of a variable
 * @param mistakes takes one sentence for each that cannot be used
 */
export function readSecretFiles(valueOf: (variable: string) => string | undefined, mistakes: string[]): SecretFiles {
  const found: SecretFiles = { values: {}, paths: [] }
  for (const name of SECRETS) {
    const path = valueOf(`${name}_FILE`) ?? ''
    if (path === '') continue
    const secret = readSecret(name, path, valueOf(name) ?? '')
    if (typeof secret === 'string') {
      found.values[name] = secret
      found.paths.push(path)
    } else mistakes.push(secret.mistake)
  }
  return found
}

function readSecret(name: string, path: string, direct: string): string | { mistake: string } {
  const variable = `${name}_FILE`
  if (direct !== '')
    return { mistake: `${variable} and ${name} are both set; which one counts would be a guess, for example unset ${name}` }
  if (!isAbsolute(path))
    return { mistake: `${variable} must be an absolute path, for example ${variable}=/run/secrets/${name.toLowerCase()}` }
  try {
    const secret = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    return secret === '' ? { mistake: `${variable} ${path} is empty, for example openssl rand -hex 32 > ${path}` } : secret
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return {
      mistake: `${variable} ${path} cannot be read (${reason}); give the file to the user that the server runs as, for example chown`,
    }
  }
}
