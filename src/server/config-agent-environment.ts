import { delimiter, sep } from 'node:path'

/** What an agent's process needs of ours. Everything else stays here, above all the server's own secrets. */
const NAMES = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'COLORTERM',
  'TMPDIR',
  'TMP',
  'TEMP',
  'SSH_AUTH_SOCK',
  'GPG_AGENT_INFO',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'JAVA_HOME',
  'GOPATH',
  'GOROOT',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'NVM_DIR',
  'PYENV_ROOT',
  'VIRTUAL_ENV',
  'PNPM_HOME',
  'BUN_INSTALL',
  'CLOUD_ML_REGION',
  'IS_SANDBOX',
])
const PREFIXES = ['LC_', 'ANTHROPIC_', 'CLAUDE_', 'AWS_', 'VERTEX_', 'OPENAI_', 'CODEX_', 'GEMINI_', 'GOOGLE_', 'AZURE_', 'OPENROUTER_']
/** Ours, although a prefix above would let them through. */
const OWN = new Set(['CLAUDE_TOOL_APPROVAL_TIMEOUT_MS', 'CLAUDE_CLI_PATH', 'CODEX_CLI_PATH'])

/** The allowed part of an environment; folders that npm put in front of PATH for this product are taken out again. */
export function agentEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  const allowed: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isAllowed(name)) allowed[name] = name === 'PATH' ? ownPathRemoved(value) : value
  }
  return allowed
}

function isAllowed(name: string): boolean {
  return !OWN.has(name) && (NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix)))
}

function ownPathRemoved(path: string): string {
  const binaries = `${sep}node_modules${sep}.bin`
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith(binaries) && !folder.endsWith('node-gyp-bin'))
    .join(delimiter)
}
