import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseRates, type RateOverrides } from './platform/rate-classes.ts'
import { type ForwardTarget, parseForwardTarget } from './platform/forward-target.ts'

export interface SettingValues {
  port: number
  host: string
  dataDirectory: string
  databasePath: string
  /** Null: made at the first start and kept in the data folder. */
  jwtSecret: string | null
  /** 32 bytes; null: made at the first start and kept in the data folder. */
  encryptionKey: Buffer | null
  setupCode: string | null
  /** What every request must carry as `X-API-Key`; null for nothing. */
  apiKey: string | null
  /** No login: the first user serves all requests. */
  platformMode: boolean
  /** Platform mode may be reached from other machines. */
  platformModeAllowRemote: boolean
  accessTokenTtlSeconds: number
  refreshTokenTtlSeconds: number
  bcryptRounds: number
  /** `complexity`: also upper case, lower case, a digit and another character, where an organisation demands it. */
  passwordPolicy: 'strength' | 'complexity'
  allowedOrigins: string[]
  allowedHosts: string[]
  /** Addresses and CIDRs of proxies whose forwarded headers are believed. */
  trustProxy: string[]
  /** The path of the host name below which everything is, as in `/code`; empty for none. */
  basePath: string
  /** Requests a minute by class, where they differ from the defaults. */
  rateLimits: RateOverrides
  /** Whom to tell of a weakness, for security.txt; none: there is no such file. */
  securityContacts: string[]
  /** PEM files for TLS in the server itself; null for plain HTTP. */
  tlsCert: string | null
  tlsKey: string | null
  workspacesRoots: string[]
  /** 0: a request waits for as long as its session lives. */
  approvalTimeoutMs: number
  /** After how many days entries of the audit log move to sealed files; 0 for never. */
  auditRetentionDays: number
  /** Where entries of the audit log are handed on to; null for nowhere. */
  auditForward: ForwardTarget | null
  /** How long an agent's process is kept after its last turn. */
  agentIdleMs: number
  /** How many agents' processes may run at once. */
  maxAgents: number
  /** Whether agents are kept from the server's own secrets: where it can be done, or nothing is started without. */
  agentIsolation: 'auto' | 'required' | 'off'
  /** The user whom agents run as, for a server that runs as root; null: the server's own. */
  agentUser: string | null
  /** Processes and threads of the agents' user; 0: the machine's own limit. */
  agentMaxProcesses: number
  /** MiB that each process of an agent may write to; 0: no limit. */
  agentMaxMemoryMb: number
  claudeCliPath: string | null
  /** Tokens; null: the model's own. */
  contextWindow: number | null
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  logFormat: 'json' | 'pretty'
}

export type SettingName = keyof SettingValues
export type Parsed<Value> = { value: Value } | { mistake: string }

export interface Setting<Value> {
  variable: string
  /** Another name of the same, looked at where the first is not set. */
  alias?: string
  example: string
  fallback(): Value
  /** The text is not empty. */
  parse(text: string): Parsed<Value>
}

const MAX_TIMER_MS = 2 ** 31 - 1
/** Values that people paste from tutorials; each is a key that everybody knows. */
const WELL_KNOWN_SECRETS = [/change.?me/i, /^(.)\1+$/, /^(secret|password|jwt|default|example)/i, /your.*secret/i, /^0123456789/]

const WELL_KNOWN_API_KEYS = [
  ...WELL_KNOWN_SECRETS,
  /your.*key/i,
  /^(my|the|some|test|dev|demo)?[-_]?api[-_]?key[-_]?\d*$/i,
  /^qwerty/i,
  /^1234567890/,
]

export const SETTINGS: { [Name in SettingName]: Setting<SettingValues[Name]> } = {
  port: whole('PORT', 3001, 0, 65_535),
  host: setting(
    'HOST',
    '127.0.0.1',
    () => '127.0.0.1',
    (text) => (/\s|\//.test(text) ? { mistake: 'must be an address or a host name' } : { value: text }),
  ),
  dataDirectory: setting(
    'DATA_DIR',
    '/var/lib/ai-code-ui',
    () => join(homedir(), '.ai-code-ui'),
    (text) => ({ value: resolve(text) }),
  ),
  databasePath: setting(
    'DATABASE_PATH',
    '/var/lib/ai-code-ui/ai-code-ui.db',
    () => '',
    (text) => ({ value: resolve(text) }),
  ),
  jwtSecret: setting<string | null>('JWT_SECRET', '"$(openssl rand -hex 32)"', () => null, parseSecret),
  encryptionKey: setting<Buffer | null>('ENCRYPTION_KEY', '"$(openssl rand -hex 32)"', () => null, parseKey),
  setupCode: setting<string | null>(
    'SETUP_CODE',
    '7F3K-9QWX-2MHT',
    () => null,
    (text) => (text.length < 8 ? { mistake: 'must have at least 8 characters' } : { value: text }),
  ),
  apiKey: setting<string | null>('API_KEY', '"$(openssl rand -hex 32)"', () => null, parseApiKey),
  platformMode: { ...flag('PLATFORM_MODE'), alias: 'VITE_IS_PLATFORM' },
  platformModeAllowRemote: flag('PLATFORM_MODE_ALLOW_REMOTE'),
  accessTokenTtlSeconds: whole('ACCESS_TOKEN_TTL', 900, 10, 86_400),
  refreshTokenTtlSeconds: whole('REFRESH_TOKEN_TTL', 2_592_000, 60, 31_536_000),
  bcryptRounds: whole('BCRYPT_ROUNDS', 12, 10, 15),
  passwordPolicy: choice('PASSWORD_POLICY', ['strength', 'complexity'], () => 'strength'),
  allowedOrigins: setting('ALLOWED_ORIGINS', 'https://code.example.org', () => [], parseOrigins),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    'code.example.org',
    () => [],
    (text) => ({ value: words(text).map((host) => host.toLowerCase()) }),
  ),
  trustProxy: setting('TRUST_PROXY', '127.0.0.1,10.0.0.0/8', () => [], parseProxies),
  basePath: setting('BASE_PATH', '/code', () => '', parseBasePath),
  rateLimits: setting<RateOverrides>(
    'RATE_LIMITS',
    'reading=12000,costly=60',
    () => ({}),
    (text) => {
      const value = parseRates(text)
      return value === null ? { mistake: 'must name classes of requests, each with how many a minute allows' } : { value }
    },
  ),
  securityContacts: setting('SECURITY_CONTACT', 'mailto:security@example.org', () => [], parseContacts),
  tlsCert: file('TLS_CERT', '/etc/ssl/ai-code-ui/fullchain.pem'),
  tlsKey: file('TLS_KEY', '/etc/ssl/ai-code-ui/privkey.pem'),
  workspacesRoots: setting('WORKSPACES_ROOT', '/home/ada/code,/srv/code', () => [homedir()], parseRoots),
  approvalTimeoutMs: whole('CLAUDE_TOOL_APPROVAL_TIMEOUT_MS', 55_000, 0, MAX_TIMER_MS),
  auditRetentionDays: whole('AUDIT_RETENTION_DAYS', 0, 0, 36_500),
  auditForward: setting<ForwardTarget | null>(
    'AUDIT_FORWARD',
    'syslog:tcp://127.0.0.1:514',
    () => null,
    (text) => {
      const value = parseForwardTarget(text)
      return value === null
        ? { mistake: 'must be file:, syslog:unix: with an absolute path, or syslog:udp://, syslog:tcp:// with host and port' }
        : { value }
    },
  ),
  agentIdleMs: whole('AGENT_IDLE_MS', 600_000, 1000, MAX_TIMER_MS),
  maxAgents: whole('MAX_AGENTS', 12, 1, 1000),
  agentIsolation: choice('AGENT_ISOLATION', ['auto', 'required', 'off'], () => 'auto'),
  agentUser: setting<string | null>(
    'AGENT_USER',
    'agents',
    () => null,
    (text) => (/^[a-z_][a-z0-9_-]{0,31}$/.test(text) ? { value: text } : { mistake: 'must be the name of a user of this machine' }),
  ),
  agentMaxProcesses: whole('AGENT_MAX_PROCESSES', 16_384, 0, 4_194_304),
  agentMaxMemoryMb: whole('AGENT_MAX_MEMORY_MB', 0, 0, 16_777_216),
  claudeCliPath: setting<string | null>(
    'CLAUDE_CLI_PATH',
    '/usr/local/bin/claude',
    () => null,
    (text) => (isAbsolute(text) ? { value: text } : { mistake: 'must be an absolute path' }),
  ),
  contextWindow: { ...whole('CONTEXT_WINDOW', 0, 1000, 100_000_000), example: '200000', fallback: () => null },
  logLevel: choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], () => 'info'),
  logFormat: choice('LOG_FORMAT', ['json', 'pretty'], () => (process.stdout.isTTY ? 'pretty' : 'json')),
}

function setting<Value>(variable: string, example: string, fallback: () => Value, parse: (text: string) => Parsed<Value>): Setting<Value> {
  return { variable, example, fallback, parse }
}

function whole(variable: string, fallback: number, min: number, max: number): Setting<number> {
  return setting(
    variable,
    String(fallback),
    () => fallback,
    (text) => {
      const value = Number(text)
      const fits = /^\d+$/.test(text) && value >= min && value <= max
      return fits ? { value } : { mistake: `must be a whole number from ${String(min)} to ${String(max)}` }
    },
  )
}

function flag(variable: string): Setting<boolean> {
  return setting(
    variable,
    'true',
    () => false,
    (text) => {
      if (text === 'true' || text === '1') return { value: true }
      return text === 'false' || text === '0' ? { value: false } : { mistake: 'must be true or false' }
    },
  )
}

function choice<const Value extends string>(variable: string, values: readonly Value[], fallback: () => Value): Setting<Value> {
  return setting(variable, values[0] ?? '', fallback, (text) => {
    const value = values.find((known) => known === text)
    return value === undefined ? { mistake: `must be one of ${values.join(', ')}` } : { value }
  })
}

function file(variable: string, example: string): Setting<string | null> {
  return setting<string | null>(
    variable,
    example,
    () => null,
    (text) => (isAbsolute(text) ? { value: text } : { mistake: 'must be an absolute path' }),
  )
}

function parseBasePath(text: string): Parsed<string> {
  const path = text.replace(/\/+$/, '')
  // Plain words: nothing that a proxy in front, a cookie or a browser might read in another way.
  return path === '' || /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/.test(path)
    ? { value: path }
    : { mistake: 'must be a path of plain words that begins with "/"' }
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function parseSecret(text: string): Parsed<string> {
  if (Buffer.byteLength(text) < 32) return { mistake: 'must have at least 32 bytes' }
  return WELL_KNOWN_SECRETS.some((pattern) => pattern.test(text))
    ? { mistake: 'is a well-known value that anybody could guess' }
    : { value: text }
}

function parseApiKey(text: string): Parsed<string> {
  if (text.length < 16) return { mistake: 'must have at least 16 characters' }
  if (!/^[\x21-\x7e]+$/.test(text)) return { mistake: 'must have no spaces and plain ASCII characters alone, since it is sent in a header' }
  if (text.startsWith('acu_')) return { mistake: 'must not start with "acu_", as the keys of users do' }
  const isGuessable = new Set(text).size < 6 || WELL_KNOWN_API_KEYS.some((pattern) => pattern.test(text))
  return isGuessable ? { mistake: 'is a well-known value that anybody could guess' } : { value: text }
}

function parseKey(text: string): Parsed<Buffer> {
  const value = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  return value.length === 32 ? { value } : { mistake: 'must be 32 bytes as hex or base64' }
}

function parseOrigins(text: string): Parsed<string[]> {
  const origins = words(text)
  if (origins.includes('*')) return { mistake: 'must list exact origins: "*" would let every web page act for whoever is logged in' }
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
  return wrong === undefined ? { value: origins } : { mistake: `has "${wrong}", which is not an exact origin` }
}

function parseProxies(text: string): Parsed<string[]> {
  if (text === 'false') return { value: [] }
  const proxies = words(text)
  const wrong = proxies.find((proxy) => !isAddressOrCidr(proxy))
  return wrong === undefined ? { value: proxies } : { mistake: `has "${wrong}", which is neither an address nor a CIDR` }
}

/** RFC 9116, 2.5.3: an address with its scheme, on the web over https. */
function parseContacts(text: string): Parsed<string[]> {
  const contacts = words(text)
  const wrong = contacts.find((contact) => !/^(mailto:[^\s@]+@|https:\/\/|tel:\+?\d)[\x21-\x7e]+$/.test(contact))
  return wrong === undefined ? { value: contacts } : { mistake: `has "${wrong}", which begins with none of mailto:, https:// and tel:` }
}

function isAddressOrCidr(text: string): boolean {
  const [address = '', prefix = '0', ...rest] = text.split('/')
  const version = isIP(address)
  return version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
}

function parseRoots(text: string): Parsed<string[]> {
  const roots = words(text)
  const wrong = roots.find((root) => !isAbsolute(root))
  if (wrong !== undefined) return { mistake: `has "${wrong}", which is not an absolute path` }
  return roots.length === 0 ? { mistake: 'must name at least one folder' } : { value: roots.map((root) => resolve(root)) }
}
