import { setTimeout } from 'node:timers/promises'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'

/*
 * A client that sends ten thousand messages a second, and comes back whenever it is closed, in a process of its own. Prints
 * one line of JSON at its end: what it sent, and how often it was closed with which code.
 *   node flooder.ts <options as JSON>
 */

const Options = z.object({ url: z.string(), token: z.string(), perSecond: z.number(), seconds: z.number() })

export const FloodReport = z.object({ sent: z.number(), answered: z.number(), closes: z.record(z.string(), z.number()) })

const TICK_MS = 10

async function flood({ url, token, perSecond, seconds }: z.infer<typeof Options>): Promise<void> {
  const report: z.infer<typeof FloodReport> = { sent: 0, answered: 0, closes: {} }
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${token}`, { perMessageDeflate: false })
    socket.on('error', () => {})
    socket.on('message', () => {
      report.answered += 1
    })
    const closed = once(socket, 'close').then(([code]) => {
      report.closes[String(code)] = (report.closes[String(code)] ?? 0) + 1
    })
    await Promise.race([once(socket, 'open').catch(() => {}), closed])
    while (socket.readyState === WebSocket.OPEN && performance.now() < end) {
      for (let count = 0; count < (perSecond * TICK_MS) / 1000; count += 1) socket.send('{"type":"ping"}')
      report.sent += (perSecond * TICK_MS) / 1000
      await setTimeout(TICK_MS)
    }
    if (performance.now() < end) await closed
    socket.terminate()
  }
  console.log(JSON.stringify(report))
}

if (import.meta.main) await flood(Options.parse(JSON.parse(process.argv[2] ?? '')))
