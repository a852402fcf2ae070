import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * What opens the server to others, gives it other secrets or other data, loosens what agents are kept from, names a program
 * that is run, or sends the agents' keys elsewhere.
 */
const GUARDED = new Set([
  'HOST',
  'ALLOWED_ORIGINS',
  'ALLOWED_HOSTS',
  'TRUST_PROXY',
  'TLS_CERT',
  'TLS_KEY',
  'DATA_DIR',
  'DATABASE_PATH',
  'JWT_SECRET',
  'ENCRYPTION_KEY',
  'SETUP_CODE',
  'API_KEY',
  'WORKSPACES_ROOT',
  'AGENT_ISOLATION',
  'AGENT_USER',
  'AUDIT_FORWARD',
  'CLAUDE_CLI_PATH',
  'CODEX_CLI_PATH',
])
const OF_GUARDED = /_FILE$|_BASE_URL$/

/** Of the source and of what is built, the same folder. */
const PRODUCT = dirname(dirname(import.meta.dirname))

/**
 * Why settings are not taken from the `.env` of the working directory, one sentence for each. A cloned or unpacked project
 * brings its own file along: what matters is believed only where the file is the owner's alone and no repository's, or
 * lies in the product's own folder.
 * @param variables what would come from the file
 */
export function dotEnvMistakes(path: string, variables: readonly string[]): string[] {
  const guarded = variables.filter((variable) => GUARDED.has(variable) || OF_GUARDED.test(variable))
  if (guarded.length === 0 || isOwn(path)) return []
  return guarded.map(
    (variable) =>
      `${variable} is not taken from ${path}, which may have come with a project; set it in the environment or in config.json of the data folder, ` +
      `or make the file yours alone in a folder that is no repository, for example chmod 600 ${path}`,
  )
}

function isOwn(path: string): boolean {
  const { mode, uid } = statSync(path)
  if (uid !== process.getuid?.() && uid !== 0) return false
  const folder = dirname(path)
  if (realpathSync(folder) === PRODUCT) return (mode & 0o022) === 0
  return (mode & 0o077) === 0 && !existsSync(join(folder, '.git'))
}
