import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { connect, type NetConnectOpts } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { ForwardLine, ForwardSink } from './forward-line.ts'
import { syslogMessage } from './syslog-message.ts'

const PATIENCE_MS = 10_000
/** What one datagram holds with room for the headers below it. */
const DATAGRAM_BYTES = 60_000
/** How long the network has to say that nobody listens. */
const REFUSAL_MS = 50

/**
 * Syslog over a stream, with the length before each message (RFC 6587, octet counting). A connection carries one batch:
 * the receiver closes its end when it has read everything, and that alone counts as arrived.
 */
export class StreamSyslogSink implements ForwardSink {
  readonly #address: NetConnectOpts

  constructor(address: NetConnectOpts) {
    this.#address = address
  }

  async send(lines: readonly ForwardLine[]): Promise<void> {
    const messages = lines.map((line) => syslogMessage(line))
    const bytes = messages.map((message) => `${String(Buffer.byteLength(message))} ${message}`).join('')
    await new Promise<void>((resolve, reject) => {
      const socket = connect(this.#address)
      let hasEnded = false
      socket.setTimeout(PATIENCE_MS, () => {
        socket.destroy(new Error(`nobody answered within ${String(PATIENCE_MS / 1000)} seconds`))
      })
      socket.on('error', (error) => {
        reject(explained(error))
      })
      socket.on('end', () => {
        hasEnded = true
      })
      socket.on('close', () => {
        if (hasEnded) resolve()
        else reject(new Error('the connection was lost'))
      })
      socket.resume()
      socket.end(bytes)
    })
  }

  /** Nothing stays open between batches. */
  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Syslog over UDP (RFC 5426): nobody tells whether a datagram arrived, only sometimes that nobody listens. */
export class UdpSyslogSink implements ForwardSink {
  readonly #host: string
  readonly #port: number
  #socket: Socket | null = null
  #failure: Error | null = null

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  async send(lines: readonly ForwardLine[]): Promise<void> {
    const socket = this.#socket ?? (await this.#open())
    try {
      for (const line of lines) await sendOne(socket, syslogMessage(line, DATAGRAM_BYTES))
      await delay(REFUSAL_MS)
      if (this.#failure) throw this.#failure
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    this.#failure = null
    this.#socket?.close()
    this.#socket = null
  }

  async #open(): Promise<Socket> {
    const { address, family } = await lookup(this.#host)
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    socket.unref()
    socket.on('error', (error) => {
      this.#failure = error
    })
    await new Promise<void>((resolve) => {
      socket.connect(this.#port, address, resolve)
    })
    this.#socket = socket
    return socket
  }
}

function sendOne(socket: Socket, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

function explained(error: Error): Error {
  if (!('code' in error) || error.code !== 'EPROTOTYPE') return error
  return new Error(
    'the socket takes datagrams, which cannot be sent to it from here; let the syslog server listen on UDP or TCP of the loopback address',
    {
      cause: error,
    },
  )
}
