import type { Socket } from './socket-link.ts'

/** The browser's WebSocket in the shape that the link needs. */
export function browserSocket(url: string): Socket {
  const webSocket = new WebSocket(url)
  const socket: Socket = {
    send: (text) => webSocket.send(text),
    close: () => webSocket.close(),
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  webSocket.onopen = () => socket.onopen?.()
  webSocket.onmessage = ({ data }: { data: unknown }) => socket.onmessage?.({ data })
  webSocket.onclose = ({ code }) => socket.onclose?.({ code })
  return socket
}
