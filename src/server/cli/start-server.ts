import { mkdtemp, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { JwtKeys } from '../auth/tokens/key-ring.ts'
import { type Config, type Flags, ownEnvironment, readConfig } from '../config.ts'
import type { Demo } from '../demo/demo.ts'
import type { FrontDoor } from '../http/front-door.ts'
import { systemClock } from '../platform/clock.ts'
import { ensurePrivateDirectory } from '../platform/data-folder.ts'
import type { DataFolderFinding } from '../platform/data-folder-check.ts'
import type { Database } from '../platform/database.ts'
import { installationId } from '../platform/installation.ts'
import { loadOrMakeKey } from '../platform/key-store.ts'
import type { Logger } from '../platform/logger.ts'
import { isOpenToReaders, openDoor, PLAIN_HTTP_WARNING, urlOf, watchTls } from './open-door.ts'
import { claimDataFolder, openStore } from './open-store.ts'

/** A running server. */
export interface RunningServer {
  url: string
  /** While there is no account: the code that the first one needs. */
  setupCode: string | null
  /** In platform mode: the name of whoever serves all requests. */
  platformUser: string | null
  logger: Logger
  /** Drains and ends everything; the process may exit afterwards. */
  stop: () => Promise<void>
}

/** What is built in order and taken down in the opposite order, also when building fails half-way. */
class Teardown {
  readonly #steps: (() => Promise<void> | void)[] = []

  add(step: () => Promise<void> | void): void {
    this.#steps.unshift(step)
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step()
  }
}

/**
 * Starts the server and resolves once it answers.
 * @throws ConfigError | DataFolderInUseError | UnusableDataError | PortInUseError
 */
export async function startServer(flags: Flags, paths: { packageRoot: string; version: string }): Promise<RunningServer> {
  const teardown = new Teardown()
  try {
    return await build(flags, paths, teardown)
  } catch (error) {
    await teardown.run()
    throw error
  }
}

async function build(
  flags: Flags,
  { packageRoot, version }: { packageRoot: string; version: string },
  teardown: Teardown,
): Promise<RunningServer> {
  // Files of the product are for its owner alone, also those that SQLite makes by itself.
  process.umask(0o077)
  const demoDirectory = flags.demo === true ? await makeDemoDirectory(flags, teardown) : null
  const config = configure(flags, demoDirectory)
  const { lock, findings, isAfterCrash } = claimDataFolder(config)
  teardown.add(() => {
    lock.release()
  })
  const database = await openStore(config, { isAfterCrash })
  teardown.add(() => database.destroy())
  const door = await openDoor(config, version)
  teardown.add(() => door.close())
  const demo = demoDirectory === null ? null : await startDemo(demoDirectory, flags, teardown)
  const { app, serve, logger } = await buildApp({ config, database, demo, door, packageRoot, version, teardown })
  teardown.add(() => app.close())
  teardown.add(() => door.drain())
  await app.recover()
  door.open(serve)
  tellOf(findings, logger)
  const url = urlOf(door, config)
  lock.announce(url)
  return {
    url,
    setupCode: await app.pendingSetupCode(),
    platformUser: (await app.platformUser())?.username ?? null,
    logger,
    stop: () => teardown.run(),
  }
}

/** The demo keeps nothing and touches nothing: its data folder is a temporary one unless a flag names another. */
function configure(flags: Flags, demoDirectory: string | null): Config {
  const withDemo = demoDirectory === null ? flags : { dataDir: join(demoDirectory, 'data'), ...flags }
  const overrides = demoDirectory === null ? {} : { WORKSPACES_ROOT: join(demoDirectory, 'projects') }
  return readConfig(withDemo, { ...ownEnvironment(), ...overrides }, process.cwd())
}

/** Temporary, unless a data folder is named: then what the demo needs is kept beside it, so that its sessions can go on. */
async function makeDemoDirectory({ dataDir }: Flags, teardown: Teardown): Promise<string> {
  if (dataDir !== undefined) {
    const directory = `${resolve(dataDir)}-demo`
    ensurePrivateDirectory(directory)
    return directory
  }
  const directory = await mkdtemp(join(tmpdir(), 'ai-code-ui-demo-'))
  teardown.add(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}

function tellOf(findings: readonly DataFolderFinding[], logger: Logger): void {
  for (const { kind, path, result, sentence } of findings) logger.warn({ kind, path, result }, sentence)
}

async function startDemo(directory: string, { demoPaceMs: paceMs }: Flags, teardown: Teardown): Promise<Demo> {
  // Loaded on demand: nobody else pays for it.
  const demo = await import('../demo/demo.ts')
  const started = await demo.startDemo({ directory, ...(paceMs === undefined ? {} : { paceMs }) })
  teardown.add(() => started.close())
  return started
}

interface Parts {
  config: Config
  database: Database
  demo: Demo | null
  door: FrontDoor
  packageRoot: string
  version: string
  teardown: Teardown
}

/** The app behind the door; `serve` is what the door is to be opened with once the app is ready. */
async function buildApp({ config, database, demo, door, packageRoot, version, teardown }: Parts) {
  // One after the other with room between them: loading holds the event loop, and the door is to answer meanwhile.
  await setImmediate()
  const { createLogger } = await import('../platform/logger.ts')
  await setImmediate()
  const { createClaudeProvider } = await import('../providers/claude/claude-provider.ts')
  await setImmediate()
  const { createApp } = await import('../app.ts')
  await setImmediate()
  const logger = await createLogger(config.logLevel, config.logFormat)
  const environment = { ...config.agentEnvironment, ...demo?.environment }
  teardown.add(watchTls(config, door, logger))
  const { openAgentCage } = await import('./open-agent-cage.ts')
  if (isOpenToReaders(config)) logger.warn(PLAIN_HTTP_WARNING)
  const cage = await openAgentCage(config, packageRoot)
  if (cage.isolation === 'none') logger.warn(cage.explanation)
  else logger.debug({ isolation: cage.isolation }, cage.explanation)
  const cliPath = config.claudeCliPath === null ? {} : { cliPath: config.claudeCliPath }
  const app = createApp({
    config,
    database,
    logger,
    clock: systemClock,
    jwtKeys: await openJwtKeys(config, logger, teardown),
    refreshKey: loadOrMakeKey(config.dataDirectory, 'refresh'),
    installationId: await installationId(database),
    providers: [createClaudeProvider({ environment, logger, cage, ...cliPath })],
    webDirectory: join(packageRoot, 'dist', 'web'),
    version,
    host: { packageRoot, cage, url: () => urlOf(door, config) },
    serverFactory: () => door.server,
    ...(demo === null ? {} : { onFirstAccount: (_, addProject) => addProject(demo.projectPath) }),
  })
  await app.http.ready()
  const serve: RequestListener = (request, response) => {
    app.http.routing(request, response)
  }
  return { app, logger, serve }
}

async function openJwtKeys(config: Config, logger: Logger, teardown: Teardown): Promise<JwtKeys> {
  const { fixedKeys, KeyRing } = await import('../auth/tokens/key-ring.ts')
  if (config.jwtSecret !== null) return fixedKeys(Buffer.from(config.jwtSecret))
  const { dataDirectory, accessTokenTtlSeconds: accessTtlSeconds } = config
  const ring = new KeyRing({
    dataDirectory,
    accessTtlSeconds,
    clock: systemClock,
    onChange: (kid) => {
      logger.info({ kid }, 'access tokens are signed with a new key')
    },
    onProblem: (error) => {
      logger.error({ err: error }, 'the key ring was changed and cannot be used; the keys from before stay in force')
    },
  })
  teardown.add(() => {
    ring.close()
  })
  return ring
}
