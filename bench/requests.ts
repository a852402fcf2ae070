import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Child } from './child.ts'
import { type Load, runLoad } from './load-generator.ts'
import { type Figure, median, spread } from './measure.ts'
import { DATABASE_KEY, dataDirectory, freePort, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const RUNS = 5
const CONNECTIONS = 50
const SECONDS = 5

/** A cheap authenticated GET at 50 connections, in turns with the same load on a bare node:http server. */
export async function measureRequests(workbench: Workbench): Promise<Figure[]> {
  const product = await startProduct(workbench)
  const { token } = await signIn(product, workbench)
  const bare = await startBare(workbench)
  const tool = await loadTool()
  const ours: Load[] = []
  const floor: Load[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    const bareLoad = await tool.run({ url: bare.url, token, connections: CONNECTIONS, seconds: SECONDS })
    const ourLoad = await tool.run({ url: `${product.url}/api/auth/user`, token, connections: CONNECTIONS, seconds: SECONDS })
    // The first of each lets the compiler warm up.
    if (run === 0) continue
    floor.push(bareLoad)
    ours.push(ourLoad)
  }
  await bare.child.stop()
  await product.stop()
  const failed = ours.reduce((sum, load) => sum + load.failed, 0)
  if (failed > 0) throw new Error(`${failed} requests were not answered with 200.`)
  return describe(ours, floor, tool.name)
}

function describe(ours: Load[], floor: Load[], tool: string): Figure[] {
  const rates = ours.map((load) => load.requestsPerSecond)
  const latencies = ours.map((load) => load.p99Ms)
  const how = `GET /api/auth/user, ${CONNECTIONS} connections, ${SECONDS} s, n = ${RUNS}, ${tool}`
  const bareRates = spread(
    floor.map((load) => load.requestsPerSecond),
    '/s',
  )
  const bareLatencies = spread(
    floor.map((load) => load.p99Ms),
    'ms',
  )
  return [
    {
      name: 'authenticated GET, requests a second',
      measured: spread(rates, '/s'),
      target: '>= 15,000 /s',
      isReached: median(rates) >= 15_000,
      remark: `${how}; bare node:http under the same load ${bareRates}`,
    },
    {
      name: 'authenticated GET, p99',
      measured: spread(latencies, 'ms'),
      target: '< 10 ms',
      isReached: median(latencies) < 10,
      remark: `the same runs; bare node:http ${bareLatencies}`,
    },
  ]
}

async function startBare(workbench: Workbench): Promise<{ child: Child; url: string }> {
  const port = await freePort()
  const database = join(dataDirectory(workbench), 'ai-code-ui.db')
  const child = new Child([process.execPath, join(import.meta.dirname, 'bare-server.js'), String(port), database, DATABASE_KEY])
  const url = `http://127.0.0.1:${port}/`
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 10))
  return { child, url }
}

interface LoadOptions {
  url: string
  token: string
  connections: number
  seconds: number
}

export interface LoadTool {
  name: string
  run(options: LoadOptions): Promise<Load>
}

/** wrk where it is installed, since it takes the least from the server's processors; else a generator of our own. */
export async function loadTool(): Promise<LoadTool> {
  const version = await promisify(execFile)('wrk', ['--version']).catch((error: unknown) => error)
  const hasWrk = !(version instanceof Error && 'code' in version && version.code === 'ENOENT')
  return hasWrk ? { name: 'wrk with one thread', run: runWrk } : { name: 'own generator in a child process', run: runLoad }
}

const WRK_UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 }

async function runWrk({ url, token, connections, seconds }: LoadOptions): Promise<Load> {
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-H', `Authorization: Bearer ${token}`, url]
  const { stdout } = await promisify(execFile)('wrk', options)
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]
  const [, p99, unit = ''] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1]
  return { requestsPerSecond: Number(rate), p99Ms: Number(p99) * (WRK_UNITS[unit] ?? Number.NaN), failed: Number(failed ?? 0) }
}
