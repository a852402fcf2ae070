import { type IncomingMessage, request } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type ConnectionOptions, connect, rootCertificates, type TLSSocket } from 'node:tls'

const CONNECT_MS = 4000

/** What a public address shows of its TLS. */
export interface TlsFacts {
  /** As in `TLSv1.3`. */
  protocol: string
  validFrom: Date
  validTo: Date
  /** Why it is not trusted; null where it is. */
  problem: string | null
  /** SHA-256, hex in pairs with colons. */
  fingerprint: string
}

interface TlsOptions {
  /** Trusted beside what Node brings along. */
  extraCa?: string
}

/** @throws Error of node:net or node:tls where there is no TLS */
export async function lookAtTls(url: URL, { extraCa }: TlsOptions = {}): Promise<TlsFacts> {
  const socket = await open(url, { ...(extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa] }) })
  const { valid_from: from, valid_to: to, fingerprint256: fingerprint } = socket.getPeerCertificate()
  const problem = socket.authorized ? null : String(socket.authorizationError)
  const facts = { protocol: socket.getProtocol() ?? 'unknown', validFrom: new Date(from), validTo: new Date(to), problem, fingerprint }
  socket.destroy()
  return facts
}

/** Whether it still speaks TLS 1.0 or 1.1 (RFC 8996 forbids both). */
export async function speaksOldTls(url: URL): Promise<boolean> {
  try {
    const socket = await open(url, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })
    socket.destroy()
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** Status and headers of an address's first page, whoever signed its certificate. */
export function headersOver(url: URL): Promise<{ status: number; header: (name: string) => string }> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(CONNECT_MS) }
    const onResponse = (response: IncomingMessage) => {
      const { statusCode = 0, headers } = response
      resolve({ status: statusCode, header: (name) => String(headers[name] ?? '') })
      response.destroy()
    }
    const sent =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, rejectUnauthorized: false }, onResponse)
        : request(url, options, onResponse)
    sent.on('error', reject)
    sent.end()
  })
}

function open(url: URL, options: ConnectionOptions): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(host)
    const socket = connect({
      host,
      port: Number(url.port || 443),
      // What is wrong with the certificate is told, not thrown.
      rejectUnauthorized: false,
      ...(isName ? { servername: host } : {}),
      ...options,
    })
    const timer = setTimeout(() => {
      socket.destroy(new Error(`${url.host} did not answer within ${String(CONNECT_MS / 1000)} seconds`))
    }, CONNECT_MS)
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.once('error', (error: Error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

/** The other side ended the handshake, as it does for a version that it does not speak. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === 'ECONNRESET' || String(error.code).startsWith('ERR_SSL_') || error.code === 'EPROTO'
}
