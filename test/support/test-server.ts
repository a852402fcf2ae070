import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'
import { within } from './within.ts'

const MAIN = join(dirname(dirname(import.meta.dirname)), 'src', 'server', 'main.ts')
const START_MS = 20_000
const STOP_MS = 15_000

export interface TestServerOptions {
  environment?: Record<string, string>
  /** Command-line arguments. */
  arguments?: string[]
  /** The folder of an earlier server, as after a restart. */
  folder?: string
  onEnd?: OnEnd
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** The real server in a process of its own, started from source. */
export interface TestServer {
  /** Holds `data`, `work` and `home`. */
  folder: string
  dataDirectory: string
  workspacesRoot: string
  pid: number
  url: string
  setupCode: string | null
  /** Everything that it wrote so far, both streams. */
  output: () => string
  exited: Promise<Exit>
  /** Sends a signal and waits for the end. */
  stop: (signal?: NodeJS.Signals) => Promise<Exit>
}

/** Starts the server and waits until it says that it is ready. @throws Error with its output when it ends instead */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await spawnServer(options)
  const ready = server.printed(/ is ready: (https?:\/\/\S+)/)
  const failed = server.exited.then(({ code }) => {
    throw new Error(`The server ended with exit code ${String(code)}:\n${server.output()}`)
  })
  const [, url = ''] = await within(START_MS, 'the server to be ready', Promise.race([ready, failed]))
  failed.catch(() => {})
  const setupCode = /Setup code for the first account: (\S+)/.exec(server.output())?.[1] ?? null
  return { ...server, url, setupCode }
}

/** Runs a server that is expected to refuse to start, or a command that ends by itself. Resolves with its exit code and what it wrote. */
export async function runServerToItsEnd(options: TestServerOptions): Promise<{ code: number | null; output: string; folder: string }> {
  const server = await spawnServer(options)
  const { code } = await within(START_MS, 'the server to end', server.exited)
  return { code, output: server.output(), folder: server.folder }
}

async function spawnServer(options: TestServerOptions) {
  const onEnd = options.onEnd ?? onTestFinished
  const folder = options.folder ?? (await temporaryFolder(onEnd))
  const dataDirectory = join(folder, 'data')
  const workspacesRoot = join(folder, 'work')
  const home = join(folder, 'home')
  for (const each of [workspacesRoot, home]) await mkdir(each, { recursive: true })
  const child = spawn(process.execPath, [MAIN, ...(options.arguments ?? [])], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      DATA_DIR: dataDirectory,
      WORKSPACES_ROOT: workspacesRoot,
      PORT: '0',
      BCRYPT_ROUNDS: '10',
      LOG_FORMAT: 'json',
      ...options.environment,
    },
  })
  const { output, printed } = watchOutput(child)
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal })
    })
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return within(STOP_MS, `the server to end after ${signal}`, exited)
  }
  onEnd(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop().catch(() => stop('SIGKILL'))
  })
  return { folder, dataDirectory, workspacesRoot, pid: child.pid ?? 0, output, printed, exited, stop }
}

function watchOutput(child: ChildProcessByStdio<null, Readable, Readable>) {
  let text = ''
  const waiters = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
      for (const look of waiters) look()
    })
  }
  /** The first place where the output fits, once a whole line of it is there. */
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const match = pattern.exec(text.slice(0, text.lastIndexOf('\n') + 1))
        if (!match) return
        waiters.delete(look)
        resolve(match)
      }
      waiters.add(look)
      look()
    })
  return { output: () => text, printed }
}
