import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../src/server/app.ts'
import { fixedKeys } from '../../src/server/auth/tokens/key-ring.ts'
import { noCage } from '../../src/server/cage/cage.ts'
import { type Config, readConfig } from '../../src/server/config.ts'
import { type Clock, systemClock } from '../../src/server/platform/clock.ts'
import { type Database, openDatabase } from '../../src/server/platform/database.ts'
import { installationId } from '../../src/server/platform/installation.ts'
import { createLogger } from '../../src/server/platform/logger.ts'
import type { Provider } from '../../src/server/providers/provider.ts'
import { requireDocumentedAudit } from './documented-audit.ts'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'

export interface TestAppOptions {
  /** Over the settings that every test has. */
  environment?: Record<string, string>
  providers?: Provider[]
  clock?: Clock
  /** The folder, key and database of an earlier one, as after a restart. */
  of?: Pick<TestApp, 'folder' | 'key'>
  /** Files of the built web app by their path. */
  webFiles?: Record<string, string>
  /** The built web app itself, instead of `webFiles`. */
  builtWeb?: string
  onEnd?: OnEnd
  /** Takes each line of the log, at the level of `LOG_LEVEL`. */
  log?: { write: (line: string) => void }
}

/** The whole server in this process, listening on a free port. */
export interface TestApp {
  app: App
  url: string
  database: Database
  folder: string
  key: Buffer
  /** Under which projects may live. */
  workspacesRoot: string
  /** A folder there with one file in it. */
  projectPath: string
  setupCode: string | null
  /** Ends it as a signal would; may be called more than once. */
  close: () => Promise<void>
}

/** Starts the server in this process, where the test needs its clock, its database or a provider of its own. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const onEnd = options.onEnd ?? onTestFinished
  const folder = options.of?.folder ?? (await temporaryFolder(onEnd))
  const { workspacesRoot, projectPath, webDirectory } = await makeFolders(folder, options)
  const config = testConfig(folder, workspacesRoot, options.environment)
  const key = options.of?.key ?? randomBytes(32)
  const database = await openDatabase(config.databasePath, key)
  let url: string | null = null
  const app = createApp({
    config,
    database,
    logger: await createLogger(config.logLevel, config.logFormat, options.log),
    clock: options.clock ?? systemClock,
    jwtKeys: fixedKeys(key),
    refreshKey: key,
    installationId: await installationId(database),
    providers: options.providers ?? [],
    webDirectory,
    version: '0.0.0-test',
    host: { packageRoot: folder, url: () => url, cage: noCage('Tests that start no agents have no cage.') },
  })
  const close = closeOnce(app, database)
  onEnd(close)
  await app.recover()
  const listening = await app.http.listen({ host: '127.0.0.1', port: 0 })
  url = listening
  return { app, url: listening, database, folder, key, workspacesRoot, projectPath, setupCode: await app.pendingSetupCode(), close }
}

function testConfig(folder: string, workspacesRoot: string, environment: Record<string, string> = {}): Config {
  const defaults = { PORT: '0', BCRYPT_ROUNDS: '10', LOG_LEVEL: 'silent', LOG_FORMAT: 'json' }
  return readConfig({}, { DATA_DIR: join(folder, 'data'), WORKSPACES_ROOT: workspacesRoot, ...defaults, ...environment }, folder)
}

function closeOnce(app: App, database: Database): () => Promise<void> {
  let closing: Promise<void> | null = null
  return () => {
    closing ??= app
      .close()
      .then(() => requireDocumentedAudit(database))
      .finally(() => database.destroy())
    return closing
  }
}

async function makeFolders(folder: string, { webFiles = {}, builtWeb }: TestAppOptions) {
  const workspacesRoot = join(folder, 'work')
  const projectPath = join(workspacesRoot, 'shop')
  const webDirectory = join(folder, 'web')
  await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 })
  await mkdir(projectPath, { recursive: true })
  await mkdir(join(webDirectory, 'assets'), { recursive: true })
  await writeFile(join(projectPath, 'README.md'), '# Shop\n')
  for (const [name, content] of Object.entries(webFiles)) await writeFile(join(webDirectory, name), content)
  return { workspacesRoot, projectPath, webDirectory: builtWeb ?? webDirectory }
}
