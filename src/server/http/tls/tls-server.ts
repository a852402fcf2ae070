import type { RequestListener } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { SERVER_LIMITS } from '../server-limits.ts'
import type { TlsPair } from './certificate.ts'
import { createPlainServer, type Redirect } from './plain-requests.ts'

/** How long a connection may take for its first byte, and then for the handshake. */
const HANDSHAKE_MS = 10_000
/** The type of the record that opens a TLS connection (RFC 8446, 5.1). */
const HANDSHAKE_RECORD = 22

/** Forward secrecy and authenticated encryption alone (RFC 9325, 4.2; Mozilla's "intermediate" without finite-field groups). */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

function contextOf({ cert, key }: Pick<TlsPair, 'cert' | 'key'>): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true }
}

/** An HTTPS server whose certificate can be exchanged, and that answers who speaks plain HTTP to it. */
export interface TlsServer {
  server: Server
  /** For connections from now on; those that are open stay as they are. @throws Error where OpenSSL will not have the pair */
  use: (pair: Pick<TlsPair, 'cert' | 'key'>) => void
  /** Ends whatever is connected, also what has not said a word yet. */
  destroyAll: () => void
}

/**
 * @param redirect where a page that was asked for over plain HTTP is found; null for nowhere
 * @throws Error where OpenSSL will not have the pair
 */
export function createTlsServer(pair: Pick<TlsPair, 'cert' | 'key'>, serve: RequestListener, redirect: Redirect): TlsServer {
  const options: ServerOptions = { ...SERVER_LIMITS, ...contextOf(pair), handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ['http/1.1'] }
  const server = createServer(options, serve)
  const plain = createPlainServer(redirect)
  const connected = new Set<Socket>()
  const handshakes = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    connected.add(socket)
    socket.once('close', () => connected.delete(socket))
    firstByte(socket, (byte) => {
      if (byte === HANDSHAKE_RECORD) for (const handshake of handshakes) handshake.call(server, socket)
      else plain.emit('connection', socket)
    })
  })
  return {
    server,
    use(next) {
      server.setSecureContext(contextOf(next))
    },
    destroyAll() {
      for (const socket of connected) socket.destroy()
    },
  }
}

/** Looks at the first byte and leaves it where it is. Who sends none is let go. */
function firstByte(socket: Socket, take: (byte: number) => void): void {
  const leave = () => {
    socket.destroy()
  }
  const timer = setTimeout(leave, HANDSHAKE_MS)
  socket.once('close', () => {
    clearTimeout(timer)
  })
  // Whoever takes over adds a listener of their own.
  socket.on('error', leave)
  socket.once('readable', () => {
    clearTimeout(timer)
    const first: unknown = socket.read(1)
    if (!Buffer.isBuffer(first)) {
      leave()
      return
    }
    socket.unshift(first)
    take(first[0] ?? 0)
  })
}
