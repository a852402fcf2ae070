import { once } from 'node:events'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'

/*
 * Connections that do nothing, in a process of their own. Prints `ready` once all are open, and stays until it is ended.
 *   node idle-sockets.ts <options as JSON>
 */

const Options = z.object({ url: z.string(), token: z.string(), count: z.number() })
/** Upgrades under way at once, as from many people instead of from one loop. */
const AT_ONCE = 20

async function open({ url, token, count }: z.infer<typeof Options>): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const sockets = Array.from(
      { length: Math.min(AT_ONCE, count - opened) },
      () => new WebSocket(`${url.replace('http', 'ws')}/ws?token=${token}`),
    )
    for (const socket of sockets) {
      socket.once('close', () => {
        process.stderr.write('An idle socket was closed.\n')
        process.exit(1)
      })
    }
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
  }
  console.log('ready')
  await once(process.stdin.resume(), 'close')
  process.exit(0)
}

if (import.meta.main) await open(Options.parse(JSON.parse(process.argv[2] ?? '')))
