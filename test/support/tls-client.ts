import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { HOST } from './reverse-proxy.ts'

export interface TlsRequest {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: unknown
  /** The address of this machine that it comes from. */
  from?: string
  /** In the clear. */
  isPlain?: boolean
  host?: string
}

export interface TlsAnswer {
  status: number
  headers: IncomingHttpHeaders
  /** Parsed where there is JSON, else the text. */
  body: unknown
}

/** Asks a proxy of this machine under the host name of the examples; its certificate is one of the test's own. */
export function askProxy(
  port: number,
  { method = 'GET', path, headers = {}, body, from, isPlain = false, host = HOST }: TlsRequest,
): Promise<TlsAnswer> {
  const json = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: '127.0.0.1', port, method, path, agent: false as const, servername: host, rejectUnauthorized: false },
      ...(from === undefined ? {} : { localAddress: from }),
      headers: { host: `${host}:${String(port)}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    }
    const asked = (isPlain ? plainRequest : request)(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) })
      })
    })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: null })
    })
    asked.on('error', reject).end(json)
  })
}

/** Headers that open a WebSocket. */
export const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return text
  }
}
