import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KyselyPlugin, RootOperationNode } from 'kysely'
import { ToolCallId } from '#protocol/ids'
import { noCage } from '../../src/server/cage/cage.ts'
import { createApp } from '../../src/server/app.ts'
import { fixedKeys } from '../../src/server/auth/tokens/key-ring.ts'
import { readConfig } from '../../src/server/config.ts'
import { systemClock } from '../../src/server/platform/clock.ts'
import { openDatabase } from '../../src/server/platform/database.ts'
import { installationId } from '../../src/server/platform/installation.ts'
import { createLogger } from '../../src/server/platform/logger.ts'
import { commandAsk, type ScriptedAgent, ScriptedProvider } from './scripted-provider.ts'

/*
 * The whole server as a process of its own that kills itself, as `kill -9` would, at one exact step. The step is found by
 * the statements that reach the database, through a plugin that only this script adds. Its agent does for each prompt one
 * thing, and only when it is allowed to: it appends a line to a file.
 *
 * node dying-server.ts <folder> <key in hex> <step>
 */

const [folder = '', key = '', step = 'never'] = process.argv.slice(2)
const EFFECTS = join(folder, 'effects')

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Whether to die before a statement is run, given those that were run. */
const STEPS: Record<string, (statement: string, before: readonly string[]) => boolean> = {
  never: () => false,
  // Stored, and the agent waits: the gate looks whether anybody was quicker.
  pending: (statement, before) => isLook(statement) && before.some(isRequest),
  // Decision and audit entry are committed; the gate reads the decision for the agent.
  decided: (statement, before) => isLook(statement) && before.some(isDecision),
  running: () => false,
  ended: (statement) => statement.includes('InsertQueryNode') && statement.includes('\\"kind\\":\\"tool.ended\\"'),
  // The freeze is written; the first of what waits is about to be denied.
  freezing: (statement, before) => isDecision(statement) && before.some(isFreeze),
}

const isRequest = (statement: string) => statement.startsWith('{"kind":"InsertQueryNode"') && isAbout(statement, 'approvals')
const isLook = (statement: string) =>
  statement.startsWith('{"kind":"SelectQueryNode"') && isAbout(statement, 'approvals') && statement.includes('SelectAllNode')
const isDecision = (statement: string) =>
  statement.startsWith('{"kind":"UpdateQueryNode"') && isAbout(statement, 'approvals') && statement.includes('"resolved_at"')
const isFreeze = (statement: string) => statement.startsWith('{"kind":"InsertQueryNode"') && isAbout(statement, 'installation')

function isAbout(statement: string, table: string): boolean {
  return statement.includes(`"identifier":{"kind":"IdentifierNode","name":"${table}"}`)
}

class Watcher implements KyselyPlugin {
  readonly #before: string[] = []

  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    const statement = JSON.stringify(node)
    if (STEPS[step]?.(statement, this.#before)) die()
    this.#before.push(statement)
    return node
  }

  transformResult<T>({ result }: { result: T }): Promise<T> {
    return Promise.resolve(result)
  }
}

async function work(agent: ScriptedAgent): Promise<void> {
  for (let turn = 0; !agent.isGone; turn += 1) {
    const prompt = await agent.startTurn().catch(() => null)
    if (prompt) await act(agent, ToolCallId.parse(`toolu_${String(process.pid)}_${String(turn)}`))
  }
}

async function act(agent: ScriptedAgent, toolCallId: ToolCallId): Promise<void> {
  const ask = commandAsk('npm run effect', toolCallId)
  agent.emit({
    v: 1,
    kind: 'tool.started',
    toolCallId,
    name: 'Bash',
    toolKind: 'execute',
    title: ask.title,
    input: ask.toolInput,
    locations: [],
  })
  const { outcome } = await agent.ask(ask)
  if (outcome === 'allowed') {
    await appendFile(EFFECTS, 'ran\n')
    if (step === 'running') die()
  }
  agent.emit({ v: 1, kind: 'tool.ended', toolCallId, status: outcome === 'allowed' ? 'ok' : 'declined' })
  agent.endTurn()
}

async function start(): Promise<void> {
  const provider = new ScriptedProvider()
  const environment = {
    DATA_DIR: join(folder, 'data'),
    WORKSPACES_ROOT: join(folder, 'work'),
    PORT: '0',
    BCRYPT_ROUNDS: '10',
    LOG_FORMAT: 'json',
  }
  const config = readConfig({}, { ...environment, LOG_LEVEL: 'silent' }, folder)
  const keyBytes = Buffer.from(key, 'hex')
  const database = (await openDatabase(config.databasePath, keyBytes)).withPlugin(new Watcher())
  const app = createApp({
    config,
    database,
    logger: await createLogger(config.logLevel, config.logFormat),
    clock: systemClock,
    jwtKeys: fixedKeys(keyBytes),
    refreshKey: keyBytes,
    installationId: await installationId(database),
    providers: [provider],
    webDirectory: join(folder, 'web'),
    version: '0.0.0-test',
    host: { packageRoot: folder, url: () => null, cage: noCage('This test has no cage.') },
  })
  await app.recover()
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
  process.stdout.write(`${url}\n`)
  for (;;) {
    const agent = await provider.nextAgent().catch(() => null)
    if (agent) void work(agent)
  }
}

await start()
