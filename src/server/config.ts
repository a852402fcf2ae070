import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { agentEnvironment } from './config-agent-environment.ts'
import { runKeyCommand } from './config-key-command.ts'
import { dotEnvMistakes } from './config-dot-env.ts'
import { PLATFORM_VARIABLES, platformMistakes } from './config-platform.ts'
import { readSecretFiles, SECRET_FILE_VARIABLES } from './config-secret-files.ts'
import { type Setting, SETTINGS, type SettingName, type SettingValues } from './config-settings.ts'

/** Everything that can be configured, parsed once. */
export interface Config extends Readonly<SettingValues> {
  readonly demo: boolean
  /** What agents' processes get of our environment: an allow-list, never our own secrets. */
  readonly agentEnvironment: Readonly<Record<string, string>>
  /** Files that secrets of ours came from. */
  readonly secretFiles: readonly string[]
}

/** The configuration cannot be used; one line per mistake. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

export interface Flags {
  port?: string
  host?: string
  dataDir?: string
  demo?: boolean
  /** Milliseconds between the words of the demo's answers. */
  demoPaceMs?: number
}

type Source = Record<string, string | undefined>

/** This process's environment, for {@link readConfig}. */
export function ownEnvironment(): Source {
  return process.env
}

/**
 * Reads flag, environment, `.env`, `config.json`, default, in this order of priority.
 * @throws ConfigError with every mistake at once
 */
export function readConfig(flags: Flags, environment: Source, workingDirectory: string): Config {
  const mistakes: string[] = []
  const fromFlags: Source = { PORT: flags.port, HOST: flags.host, DATA_DIR: flags.dataDir }
  const dotEnvPath = join(workingDirectory, '.env')
  const dotEnv = readDotEnv(dotEnvPath, mistakes)
  const sources = [fromFlags, environment, dotEnv]
  const dataDirectory = firstOf(sources, 'DATA_DIR') ?? join(homedir(), '.ai-code-ui')
  sources.push(readConfigFile(join(resolve(dataDirectory), 'config.json'), mistakes))

  const secrets = readSecretFiles((variable) => firstOf(sources, variable), mistakes)
  const hasOtherKey = isSet([secrets.values, ...sources], 'ENCRYPTION_KEY') || isSet(sources, 'ENCRYPTION_KEY_FILE')
  const fromCommand = runKeyCommand({ environment, dotEnv, hasOtherKey }, mistakes)
  const values = parseSettings([secrets.values, fromCommand, ...sources], mistakes)
  const opening = PLATFORM_VARIABLES.filter((variable) => environment[variable] === undefined && isOn(dotEnv[variable]))
  mistakes.push(...platformMistakes(values, { path: dotEnvPath, variables: opening }))
  const before = [fromFlags, environment]
  mistakes.push(
    ...dotEnvMistakes(
      dotEnvPath,
      Object.keys(dotEnv).filter((variable) => firstOf(before, variable) === undefined),
    ),
    ...tlsMistakes(values),
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Object.freeze({
    ...values,
    demo: flags.demo === true,
    agentEnvironment: agentEnvironment(merge(sources)),
    secretFiles: secrets.paths,
  })
}

function tlsMistakes({ tlsCert, tlsKey }: SettingValues): string[] {
  if ((tlsCert === null) === (tlsKey === null)) return []
  const missing = tlsCert === null ? SETTINGS.tlsCert : SETTINGS.tlsKey
  return [`${missing.variable} is missing: TLS needs a certificate and its key, for example ${missing.variable}=${missing.example}`]
}

function parseSettings(sources: Source[], mistakes: string[]): SettingValues {
  const parse = <Name extends SettingName>(name: Name): SettingValues[Name] => {
    const setting: Setting<SettingValues[Name]> = SETTINGS[name]
    const variable = isSet(sources, setting.variable) || setting.alias === undefined ? setting.variable : setting.alias
    const text = firstOf(sources, variable)
    if (text === undefined || text === '') return setting.fallback()
    const result = setting.parse(text)
    if ('value' in result) return result.value
    mistakes.push(`${variable} ${result.mistake}, for example ${variable}=${setting.example}`)
    return setting.fallback()
  }
  refuseUnsupported(sources, mistakes)
  return {
    port: parse('port'),
    host: parse('host'),
    dataDirectory: parse('dataDirectory'),
    databasePath: firstOf(sources, 'DATABASE_PATH') ? parse('databasePath') : join(parse('dataDirectory'), 'ai-code-ui.db'),
    jwtSecret: parse('jwtSecret'),
    encryptionKey: parse('encryptionKey'),
    setupCode: parse('setupCode'),
    apiKey: parse('apiKey'),
    platformMode: parse('platformMode'),
    platformModeAllowRemote: parse('platformModeAllowRemote'),
    accessTokenTtlSeconds: parse('accessTokenTtlSeconds'),
    refreshTokenTtlSeconds: parse('refreshTokenTtlSeconds'),
    bcryptRounds: parse('bcryptRounds'),
    passwordPolicy: parse('passwordPolicy'),
    allowedOrigins: parse('allowedOrigins'),
    allowedHosts: parse('allowedHosts'),
    trustProxy: parse('trustProxy'),
    basePath: parse('basePath'),
    rateLimits: parse('rateLimits'),
    securityContacts: parse('securityContacts'),
    tlsCert: parse('tlsCert'),
    tlsKey: parse('tlsKey'),
    workspacesRoots: parse('workspacesRoots'),
    approvalTimeoutMs: parse('approvalTimeoutMs'),
    auditRetentionDays: parse('auditRetentionDays'),
    auditForward: parse('auditForward'),
    agentIdleMs: parse('agentIdleMs'),
    maxAgents: parse('maxAgents'),
    agentIsolation: parse('agentIsolation'),
    agentUser: parse('agentUser'),
    agentMaxProcesses: parse('agentMaxProcesses'),
    agentMaxMemoryMb: parse('agentMaxMemoryMb'),
    claudeCliPath: parse('claudeCliPath'),
    contextWindow: parse('contextWindow'),
    logLevel: parse('logLevel'),
    logFormat: parse('logFormat'),
  }
}

/** Named by the contract and not built yet: better refused than silently ignored. */
const UNSUPPORTED = ['DATABASE_URL', 'REDIS_URL']
/** Named by the contract for parts that do not exist yet; without those they can do no harm. */
const WITHOUT_EFFECT = ['CODEX_CLI_PATH', 'MAX_FILE_SIZE']

function refuseUnsupported(sources: Source[], mistakes: string[]): void {
  for (const variable of UNSUPPORTED) {
    const text = firstOf(sources, variable)
    if (text !== undefined && text !== '' && text !== 'false')
      mistakes.push(`${variable} is not supported by this version yet; unset it, for example unset ${variable}`)
  }
}

function firstOf(sources: Source[], variable: string): string | undefined {
  return sources.map((source) => source[variable]).find((text) => text !== undefined)
}

function isSet(sources: Source[], variable: string): boolean {
  return (firstOf(sources, variable) ?? '') !== ''
}

/** Whether a switch that was given is anything but off. */
function isOn(text: string | undefined): boolean {
  return !['', '0', 'false', undefined].includes(text)
}

function merge(sources: Source[]): Source {
  return sources.reduceRight<Source>((merged, source) => ({ ...merged, ...definedOnly(source) }), {})
}

function definedOnly(source: Source): Source {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined))
}

function readDotEnv(path: string, mistakes: string[]): Source {
  const text = readIfPresent(path, mistakes)
  return text === null ? {} : parseEnv(text)
}

/** `config.json` uses the variables' names in camel case: `{"port": 3001, "workspacesRoot": "/srv/code"}`. */
function readConfigFile(path: string, mistakes: string[]): Source {
  const text = readIfPresent(path, mistakes)
  if (text === null) return {}
  const parsed = parseObject(text)
  if (parsed === null) {
    mistakes.push(`${path} must hold one JSON object, for example {"port": 3001}`)
    return {}
  }
  const source: Source = {}
  for (const [key, value] of Object.entries(parsed)) {
    const variable = key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    if (!isKnown(variable) || variable === 'DATA_DIR' || key !== camelCase(variable)) {
      mistakes.push(`${path} has the unknown key "${key}"; known are for example "port" and "workspacesRoot"`)
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      source[variable] = String(value)
    } else {
      mistakes.push(`${path} has a "${key}" that is neither text nor a number nor true or false, for example {"port": 3001}`)
    }
  }
  return source
}

function isKnown(variable: string): boolean {
  return (
    [...UNSUPPORTED, ...WITHOUT_EFFECT, ...SECRET_FILE_VARIABLES].includes(variable) ||
    Object.values(SETTINGS).some((setting) => setting.variable === variable || setting.alias === variable)
  )
}

function camelCase(variable: string): string {
  return variable.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null
  } catch {
    // Told to the person as a mistake of the file by the caller.
    return null
  }
}

function readIfPresent(path: string, mistakes: string[]): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    mistakes.push(`${path} cannot be read (${error instanceof Error ? error.message : String(error)}), for example chmod 600 ${path}`)
    return null
  }
}
