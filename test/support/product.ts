import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'
import { within } from './within.ts'

/** As fast as the agent reads; a journey that needs an answer to be still running names a slower pace. */
export const FAST_DEMO = ['--demo', '--demo-pace', '0']

const COMMAND = join(dirname(dirname(import.meta.dirname)), 'bin', 'ai-code-ui.js')

export interface Product {
  url: string
  /** The link that is printed for the first account; null once there is one. */
  setupLink: string | null
  pid: number
  /** Ends it as a signal would. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

export interface ProductOptions {
  arguments?: string[]
  environment?: Record<string, string>
  onEnd?: OnEnd
}

/** Starts the built product by its command, as a person would. {@link FAST_DEMO} unless other arguments are given. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const onEnd = options.onEnd ?? onTestFinished
  const home = await temporaryFolder(onEnd)
  const child = spawn(process.execPath, [COMMAND, 'start', '--port', '0', ...(options.arguments ?? FAST_DEMO)], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: home, LOG_LEVEL: 'warn', LOG_FORMAT: 'json', BCRYPT_ROUNDS: '10', ...options.environment },
  })
  const stop = stopOnce(child)
  onEnd(() => stop())
  const output = await within(20_000, 'the product to be ready', greeting(child))
  const url = /is ready: (\S+)/.exec(output)?.[1] ?? ''
  return { url, setupLink: /open this link[^:]*: (\S+)/i.exec(output)?.[1] ?? null, pid: child.pid ?? 0, stop }
}

/** What it prints once it answers; the setup link comes in the same breath. */
async function greeting(child: ChildProcess): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk)
    if (/ is ready: \S+\n/.test(output)) break
  }
  // Read on, so that a full pipe never holds the product.
  child.stdout?.resume()
  return output
}

function stopOnce(child: ChildProcess): (signal?: NodeJS.Signals) => Promise<void> {
  return async (signal = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await within(15_000, 'the product to end', exited)
  }
}
