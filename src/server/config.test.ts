import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { ConfigError, type Flags, readConfig } from './config.ts'

type Environment = Record<string, string | undefined>

/** A working directory and a data folder, with what is in `.env` and `config.json`. */
async function setup({ dotEnv, configJson }: { dotEnv?: string; configJson?: unknown } = {}) {
  const folder = await temporaryFolder()
  const dataDirectory = join(folder, 'data')
  await mkdir(dataDirectory)
  if (dotEnv !== undefined) await writeFile(join(folder, '.env'), dotEnv, { mode: 0o600 })
  const text = typeof configJson === 'string' ? configJson : JSON.stringify(configJson)
  if (configJson !== undefined) await writeFile(join(dataDirectory, 'config.json'), text)
  const read = (environment: Environment = {}, flags: Flags = {}) => readConfig(flags, { DATA_DIR: dataDirectory, ...environment }, folder)
  /** The mistakes, which there must be. */
  const mistakes = (environment: Environment = {}, flags: Flags = {}): readonly string[] => {
    try {
      read(environment, flags)
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes
      throw error
    }
    return []
  }
  return { folder, dataDirectory, read, mistakes }
}

test('without any setting the defaults of the contract hold', async () => {
  const { read, dataDirectory } = await setup()

  expect(read()).toMatchObject({
    port: 3001,
    host: '127.0.0.1',
    databasePath: join(dataDirectory, 'ai-code-ui.db'),
    jwtSecret: null,
    encryptionKey: null,
    accessTokenTtlSeconds: 900,
    refreshTokenTtlSeconds: 2_592_000,
    bcryptRounds: 12,
    passwordPolicy: 'strength',
    allowedOrigins: [],
    workspacesRoots: [homedir()],
    approvalTimeoutMs: 55_000,
    demo: false,
  })
  expect(readConfig({}, {}, '/nowhere').dataDirectory).toBe(join(homedir(), '.ai-code-ui'))
})

test('a flag goes before the environment, that before .env, that before config.json, that before the default', async () => {
  const configJson = { port: 4000, host: 'config.test', bcryptRounds: 10, accessTokenTtl: 60 }
  const { read } = await setup({ configJson, dotEnv: 'PORT=3000\nHOST=dotenv.test\nBCRYPT_ROUNDS=11\n' })

  const config = read({ PORT: '2000', HOST: 'environment.test' }, { port: '1000' })

  expect(config).toMatchObject({
    port: 1000,
    host: 'environment.test',
    bcryptRounds: 11,
    accessTokenTtlSeconds: 60,
    refreshTokenTtlSeconds: 2_592_000,
  })
})

test('every mistake is listed at once, each with its variable and an example', async () => {
  const { mistakes } = await setup()

  const found = mistakes({ PORT: '70000', BCRYPT_ROUNDS: '9', LOG_LEVEL: 'loud', WORKSPACES_ROOT: 'relative/path' })

  expect(found).toHaveLength(4)
  for (const variable of ['PORT', 'BCRYPT_ROUNDS', 'LOG_LEVEL', 'WORKSPACES_ROOT']) {
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${variable} .+, for example ${variable}=.+`)))
  }
})

test.for([
  ['PORT', '-1'],
  ['PORT', '3001x'],
  ['HOST', 'http://x/'],
  ['BCRYPT_ROUNDS', '16'],
  ['ACCESS_TOKEN_TTL', '0'],
  ['REFRESH_TOKEN_TTL', 'for ever'],
  ['CLAUDE_TOOL_APPROVAL_TIMEOUT_MS', '1.5'],
  ['CLAUDE_TOOL_APPROVAL_TIMEOUT_MS', '99999999999'],
  ['ENCRYPTION_KEY', 'too-short'],
  ['SETUP_CODE', '1234'],
  ['TRUST_PROXY', 'everybody'],
  ['ALLOWED_ORIGINS', 'https://x.test/path'],
  ['ALLOWED_ORIGINS', 'x.test'],
  ['CLAUDE_CLI_PATH', 'claude'],
  ['CONTEXT_WINDOW', '10'],
  ['LOG_FORMAT', 'xml'],
] as const)('%s=%s is refused by name', async ([variable, value]) => {
  const { mistakes } = await setup()

  expect(mistakes({ [variable]: value })).toEqual([expect.stringMatching(new RegExp(`^${variable} (must|has) .*for example`))])
})

test('any origin is refused, since it would let every page act for whoever is logged in', async () => {
  const { mistakes } = await setup()

  expect(mistakes({ ALLOWED_ORIGINS: '*' })).toEqual([expect.stringContaining('must list exact origins')])
  expect(mistakes({ ALLOWED_ORIGINS: 'https://a.test,*' })).toHaveLength(1)
})

test.for([
  'short',
  'change-me-change-me-change-me-change-me',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'secretsecretsecretsecretsecretsecret',
  'this-is-your-very-own-secret-key-0123456',
  '0123456789012345678901234567890123456789',
])('the secret "%s" is refused', async (secret) => {
  const { mistakes } = await setup()

  expect(mistakes({ JWT_SECRET: secret })).toEqual([
    expect.stringMatching(/^JWT_SECRET (must have at least 32 bytes|is a well-known value)/),
  ])
})

test('a refused secret is not repeated in what is printed', async () => {
  const { mistakes } = await setup()
  const secret = 'changeme-but-still-something-private'

  expect(mistakes({ JWT_SECRET: secret, ENCRYPTION_KEY: secret, SETUP_CODE: 'abc' }).join('\n')).not.toMatch(/private|abc/)
})

test.for([
  ['short', 'must have at least 16 characters'],
  ['your-api-key-goes-here', 'is a well-known value'],
  ['my-api-key-1234567890', 'is a well-known value'],
  ['changeme-changeme-changeme', 'is a well-known value'],
  ['abababababababababab', 'is a well-known value'],
  ['has spaces between its words', 'must have no spaces'],
  ['schlüssel-für-alles-hier', 'must have no spaces'],
  ['acu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'must not start with "acu_"'],
] as const)('API_KEY=%s is refused and not repeated', async ([key, mistake]) => {
  const { mistakes } = await setup()

  const found = mistakes({ API_KEY: key })

  expect(found).toEqual([expect.stringMatching(new RegExp(`^API_KEY ${mistake}.*, for example API_KEY=`))])
  expect(found.join('')).not.toContain(key)
})

test('an API_KEY that nobody could guess is taken, and no agent gets it', async () => {
  const { read } = await setup()

  expect(read({ API_KEY: 'G7!k0-pz_Qw4~r2T' })).toMatchObject({ apiKey: 'G7!k0-pz_Qw4~r2T', agentEnvironment: {} })
  expect(read().apiKey).toBeNull()
})

test('keys are taken as hex and as base64', async () => {
  const { read } = await setup()
  const key = Buffer.alloc(32, 7)

  expect(read({ ENCRYPTION_KEY: key.toString('hex') }).encryptionKey?.equals(key)).toBe(true)
  expect(read({ ENCRYPTION_KEY: key.toString('base64') }).encryptionKey?.equals(key)).toBe(true)
})

test('lists are taken apart at commas', async () => {
  const { read } = await setup()

  const config = read({
    ALLOWED_ORIGINS: 'https://a.test, http://b.test:8080',
    ALLOWED_HOSTS: 'A.test,b.test',
    TRUST_PROXY: '127.0.0.1,10.0.0.0/8,::1',
    WORKSPACES_ROOT: '/srv/one,/srv/two/',
  })

  expect(config).toMatchObject({
    allowedOrigins: ['https://a.test', 'http://b.test:8080'],
    allowedHosts: ['a.test', 'b.test'],
    trustProxy: ['127.0.0.1', '10.0.0.0/8', '::1'],
    workspacesRoots: ['/srv/one', '/srv/two'],
  })
})

test('an unknown key of config.json is a mistake, and so is one written otherwise', async () => {
  const { mistakes } = await setup({ configJson: { prot: 1, PORT: 1, dataDir: '/x', port: 5000 } })

  const found = mistakes()

  expect(found).toHaveLength(3)
  for (const [index, key] of ['prot', 'PORT', 'dataDir'].entries()) expect(found[index]).toContain(`has the unknown key "${key}"`)
})

test.for(['[1]', '{"port": ', '"text"'])('config.json that holds %s is a mistake', async (configJson) => {
  const { mistakes } = await setup({ configJson })

  expect(mistakes()).toEqual([expect.stringMatching(/config\.json must hold one JSON object, for example/)])
})

test('a value of config.json that is no plain one is a mistake', async () => {
  const { mistakes } = await setup({ configJson: { port: [1] } })

  expect(mistakes()).toEqual([expect.stringContaining('has a "port" that is neither text nor a number')])
})

test.for(['DATABASE_URL', 'REDIS_URL'])('%s is refused, not ignored, while it is not built', async (variable) => {
  const { mistakes } = await setup()

  expect(mistakes({ [variable]: 'something' })).toEqual([
    expect.stringMatching(new RegExp(`^${variable} is not supported by this version`)),
  ])
})

test('agents get their variables from .env too, and none of the server', async () => {
  const { read } = await setup({ dotEnv: 'ANTHROPIC_API_KEY=from-dot-env\nJWT_SECRET=kept-here-kept-here-kept-here-kept\n' })

  expect(read({ PATH: '/bin' }).agentEnvironment).toEqual({ PATH: '/bin', ANTHROPIC_API_KEY: 'from-dot-env' })
})

test('the configuration cannot be changed afterwards', async () => {
  const { read } = await setup()

  expect(() => Object.assign(read(), { port: 1 })).toThrow(TypeError)
})
