import { connect, type Socket } from 'node:net'
import * as z from 'zod/mini'
import { runBenchFile } from './child.ts'
import { percentile } from './measure.ts'

/*
 * Load for where wrk is missing: plain sockets, one request at a time on each, in a process of its own.
 * Started as a program it takes its options as JSON in its first argument and prints the result as JSON.
 */

const Load = z.object({ requestsPerSecond: z.number(), p99Ms: z.number(), failed: z.number() })
export type Load = z.infer<typeof Load>

const LoadOptions = z.object({ url: z.string(), token: z.string(), connections: z.number(), seconds: z.number() })
type LoadOptions = z.infer<typeof LoadOptions>

export async function runLoad(options: LoadOptions): Promise<Load> {
  const child = runBenchFile('load-generator.ts', JSON.stringify(options))
  const load = Load.parse(JSON.parse(await child.nextLine()))
  await child.stop()
  return load
}

async function generate({ url, token, connections, seconds }: LoadOptions): Promise<Load> {
  const { hostname, port, host, pathname } = new URL(url)
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  const latencies: number[] = []
  const tally = { failed: 0 }
  const endsAt = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: connections }, () => keepAsking(connect(Number(port), hostname), { request, endsAt, latencies, tally })),
  )
  return { requestsPerSecond: latencies.length / seconds, p99Ms: percentile(latencies, 99), failed: tally.failed }
}

interface Asking {
  request: string
  endsAt: number
  latencies: number[]
  tally: { failed: number }
}

/** Sends, waits for the whole answer, sends again, until the time is over. */
function keepAsking(socket: Socket, { request, endsAt, latencies, tally }: Asking): Promise<void> {
  socket.setNoDelay(true).setEncoding('latin1')
  let sentAt = 0
  let received = ''
  const send = () => {
    received = ''
    sentAt = performance.now()
    socket.write(request)
  }
  socket.once('connect', send)
  socket.on('data', (text: string) => {
    received += text
    if (!isWhole(received)) return
    const at = performance.now()
    latencies.push(at - sentAt)
    if (!received.startsWith('HTTP/1.1 200')) tally.failed += 1
    if (at < endsAt) send()
    else socket.destroy()
  })
  return new Promise((resolve, reject) => {
    socket.once('close', () => resolve())
    socket.once('error', reject)
  })
}

function isWhole(response: string): boolean {
  const headEnd = response.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(response.slice(0, headEnd))?.[1]
  if (length !== undefined) return response.length >= headEnd + 4 + Number(length)
  return response.endsWith('0\r\n\r\n')
}

if (import.meta.main) console.log(JSON.stringify(await generate(LoadOptions.parse(JSON.parse(process.argv[2] ?? '')))))
