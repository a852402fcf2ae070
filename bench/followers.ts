import { once } from 'node:events'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { now } from './child.ts'

/*
 * Connections that follow one session, in a process of their own. For each turn, once all of them have got the
 * completed block, prints when the last one did and how many got as many bytes as the text has.
 *   node followers.ts <options as JSON>
 */

const Options = z.object({ url: z.string(), token: z.string(), sessionId: z.string(), count: z.number(), characters: z.number() })

export const FollowedTurn = z.object({
  /** When the last follower had everything, in milliseconds since the epoch. */
  lastAt: z.number(),
  /** How many got all of the text. */
  complete: z.number(),
})
export type FollowedTurn = z.infer<typeof FollowedTurn>

type Options = z.infer<typeof Options>

async function follow(options: Options): Promise<void> {
  const { url, token, sessionId, count } = options
  const turn = createTurn(options)
  const sockets = Array.from(
    { length: count },
    () => new WebSocket(`${url.replace('http', 'ws')}/ws?token=${token}`, { perMessageDeflate: false }),
  )
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  const subscribed = sockets.map((socket) => untilSubscribed(socket))
  for (const socket of sockets) socket.send(JSON.stringify({ type: 'session-subscribe', sessionId }))
  await Promise.all(subscribed)
  for (const socket of sockets) {
    const seen = { bytes: 0 }
    socket.on('message', (bytes: Buffer) => turn.take(seen, bytes))
  }
  console.log('ready')
  // Whoever started this ends it.
  await once(process.stdin.resume(), 'close')
}

function untilSubscribed(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('A follower was closed.')))
    const onMessage = (bytes: Buffer) => {
      if (!bytes.includes('"session-subscribed"')) return
      socket.off('message', onMessage)
      resolve()
    }
    socket.on('message', onMessage)
  })
}

/** Counts bytes instead of reading JSON: a hundred readers of everything would measure themselves. */
function createTurn({ count, characters }: Options) {
  let done = 0
  let complete = 0
  return {
    take(seen: { bytes: number }, bytes: Buffer): void {
      if (bytes.includes('"block.delta"') || bytes.includes('"block.completed"')) seen.bytes += bytes.length
      if (!bytes.includes('"block.completed"')) return
      done += 1
      if (seen.bytes >= characters) complete += 1
      seen.bytes = 0
      if (done < count) return
      console.log(JSON.stringify({ lastAt: now(), complete }))
      done = 0
      complete = 0
    },
  }
}

if (import.meta.main) await follow(Options.parse(JSON.parse(process.argv[2] ?? '')))
