import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Child, residentMiB } from './child.ts'
import { type Figure, median, spread } from './measure.ts'
import { DATABASE_KEY, dataDirectory, freePort, launchProduct, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const RUNS = 15
const POLL_EVERY_MS = 1
const START_TIMEOUT_MS = 30_000

/** Process start to the first `GET /api/health` 200, in turns with a bare server on the same database; then idle memory. */
export async function measureStartup(workbench: Workbench): Promise<Figure[]> {
  // The first start makes the database, the keys and the account; it is not what is measured.
  const first = await startProduct(workbench)
  await signIn(first, workbench)
  await first.stop()

  const ours: number[] = []
  const bare: number[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    const bareMs = await timeStart(() => launchBare(workbench))
    const ourMs = await timeStart(() => launchProduct(workbench))
    // The first of each warms the file cache.
    if (run === 0) continue
    bare.push(bareMs)
    ours.push(ourMs)
  }
  const ratio = median(ours) / median(bare)
  const startup: Figure = {
    name: 'start to first health answer',
    measured: `${ratio.toFixed(2)} x`,
    target: '<= 1.5 x bare server',
    isReached: ratio <= 1.5,
    remark: `ours ${spread(ours, 'ms')}, bare node:http with the same database ${spread(bare, 'ms')}, in turns, n = ${RUNS}`,
  }
  return [startup, await measureIdleMemory(workbench)]
}

interface Launched {
  child: Child
  port: number
}

async function launchBare(workbench: Workbench): Promise<Launched> {
  const port = await freePort()
  const database = join(dataDirectory(workbench), 'ai-code-ui.db')
  return { port, child: new Child([process.execPath, join(import.meta.dirname, 'bare-server.js'), String(port), database, DATABASE_KEY]) }
}

/** Starts it, asks until it answers, ends it. */
async function timeStart(launch: () => Promise<Launched>): Promise<number> {
  const { child, port } = await launch()
  const startedAt = performance.now()
  while (!(await answersHealth(port))) {
    if (performance.now() - startedAt > START_TIMEOUT_MS) throw new Error('The server did not answer within 30 s.')
    await delay(POLL_EVERY_MS)
  }
  const elapsedMs = performance.now() - startedAt
  await child.stop()
  return elapsedMs
}

function answersHealth(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.write(`GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`))
    socket.once('data', (bytes) => {
      resolve(bytes.toString().startsWith('HTTP/1.1 200'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })
}

const SAMPLE_EVERY_MS = 1000
const SAMPLES = 15

/** Resident memory after a login, once it has settled: the median of the last five of fifteen seconds. */
async function measureIdleMemory(workbench: Workbench): Promise<Figure> {
  const perRun: number[] = []
  for (let run = 0; run < 5; run += 1) {
    const product = await startProduct(workbench)
    await signIn(product, workbench)
    const samples: number[] = []
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await delay(SAMPLE_EVERY_MS)
      samples.push((await residentMiB(product.child.process.pid ?? 0)) ?? Number.NaN)
    }
    perRun.push(median(samples.slice(-5)))
    await product.stop()
  }
  const idle = median(perRun)
  const isKnown = !Number.isNaN(idle)
  return {
    name: 'idle memory without an agent',
    measured: isKnown ? spread(perRun, 'MiB') : 'this system does not tell',
    target: '< 90 MiB',
    isReached: isKnown ? idle < 90 : null,
    remark: 'resident set 15 s after a login, n = 5',
  }
}
