import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '#protocol/errors'
import { SECURITY_HEADERS } from './security-headers.ts'

const HEADERS = Object.entries({
  ...SECURITY_HEADERS,
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  connection: 'close',
})
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

/** Refuses what the HTTP parser could not read, in the shape of every other failure; no route or hook ever sees it. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, problem] = refusalOf(error.code)
  const body = JSON.stringify(problem)
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${HEADERS}content-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    )
  socket.destroy()
}

function refusalOf(code: string | undefined): [status: number, Problem] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, { error: 'The headers of the request are too large.', code: 'TOO_LARGE' }]
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, { error: 'The request did not arrive in time. Send it again.', code: 'BAD_REQUEST' }]
  return [400, { error: 'The request is malformed.', code: 'BAD_REQUEST' }]
}
