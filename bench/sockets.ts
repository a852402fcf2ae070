import { setTimeout } from 'node:timers/promises'
import { ChatClient } from './chat-client.ts'
import { now, residentMiB, runBenchFile } from './child.ts'
import { FloodReport } from './flooder.ts'
import { type Figure, median, percentile } from './measure.ts'
import { type Account, type Product, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const IDLE_SOCKETS = 1000
const IDLE_TARGET_MIB = 60
/** Until what the upgrades left behind has been collected. */
const SETTLE_MS = 10_000
const FLOOD_PER_SECOND = 10_000
const FLOOD_SECONDS = 10
const P99_TARGET_MS = 50
const PING_EVERY_MS = 20

/** What idle sockets weigh, and what one client's flood costs another. */
export async function measureSockets(workbench: Workbench): Promise<Figure[]> {
  const product = await startProduct(workbench)
  const account = await signIn(product, workbench)
  // The one connection before it loads the WebSocket library; after a flood, freed memory would hide what sockets weigh.
  const first = await ChatClient.connect(product.url, account.token)
  first.close()
  const idle = await measureIdle(product, account)
  return [idle, await measureFlood(product, account)]
}

async function measureIdle(product: Product, { token }: Account): Promise<Figure> {
  const pid = product.child.process.pid ?? 0
  await setTimeout(SETTLE_MS)
  const before = await residentMiB(pid)
  const clients = runBenchFile('idle-sockets.ts', JSON.stringify({ url: product.url, token, count: IDLE_SOCKETS }))
  await clients.nextLine()
  await setTimeout(SETTLE_MS)
  const after = await residentMiB(pid)
  await clients.stop()
  const grown = before === null || after === null ? null : after - before
  return {
    name: `${String(IDLE_SOCKETS)} idle sockets`,
    measured: grown === null ? 'resident memory is not told here' : `${grown.toFixed(1)} MiB`,
    target: `under ${String(IDLE_TARGET_MIB)} MiB over idle`,
    isReached: grown === null ? null : grown < IDLE_TARGET_MIB,
    remark: `resident memory of the server, from ${before?.toFixed(0) ?? '?'} to ${after?.toFixed(0) ?? '?'} MiB; of one user, compression offered`,
  }
}

async function measureFlood(product: Product, { token }: Account): Promise<Figure> {
  const client = await ChatClient.connect(product.url, token)
  const alone = await pingFor(client, FLOOD_SECONDS / 2)
  const options = { url: product.url, token, perSecond: FLOOD_PER_SECOND, seconds: FLOOD_SECONDS }
  const flooder = runBenchFile('flooder.ts', JSON.stringify(options))
  const beside = await pingFor(client, FLOOD_SECONDS)
  const report = FloodReport.parse(JSON.parse(await flooder.nextLine()))
  client.close()
  const throttled = report.closes['4429'] ?? 0
  const p99 = percentile(beside, 99)
  return {
    name: 'round trip beside a flood',
    measured: `p99 ${p99.toFixed(1)} ms, median ${median(beside).toFixed(1)} ms`,
    target: `p99 under ${String(P99_TARGET_MS)} ms, the flood throttled`,
    isReached: p99 < P99_TARGET_MS && throttled > 0,
    remark:
      `another client at ${String(FLOOD_PER_SECOND)} messages a second for ${String(FLOOD_SECONDS)} s: ${report.sent.toFixed(0)} sent, ` +
      `${String(report.answered)} answered, closed ${String(throttled)} times with 4429; alone p99 ${percentile(alone, 99).toFixed(1)} ms`,
  }
}

/** @returns round trips in milliseconds */
async function pingFor(client: ChatClient, seconds: number): Promise<number[]> {
  const times: number[] = []
  const end = now() + seconds * 1000
  while (now() < end) {
    const sentAt = client.send({ type: 'ping' })
    times.push(await client.until(({ at, frame }) => (frame.type === 'pong' ? at - sentAt : undefined)))
    await setTimeout(PING_EVERY_MS)
  }
  return times
}
