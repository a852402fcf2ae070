import { once } from 'node:events'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Device } from './api-client.ts'

/** A bare `/ws` client that can send several messages so that the server reads them all at once. */
export interface PacketClient {
  socket: WebSocket
  sendInOnePacket: (messages: readonly object[]) => void
}

export async function connectForPackets({ url, token }: Device): Promise<PacketClient> {
  const wires: Socket[] = []
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?token=${token}`, {
    finishRequest: (request) => {
      request.once('socket', (wire: Socket) => wires.push(wire))
      request.end()
    },
  })
  await once(socket, 'open')
  const sendInOnePacket = (messages: readonly object[]) => {
    for (const wire of wires) wire.cork()
    for (const message of messages) socket.send(JSON.stringify(message))
    for (const wire of wires) wire.uncork()
  }
  return { socket, sendInOnePacket }
}
