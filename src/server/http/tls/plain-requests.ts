import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Problem } from '#protocol/errors'
import { SECURITY_HEADERS } from '../security-headers.ts'
import { SERVER_LIMITS } from '../server-limits.ts'
import { refuseUnreadable } from '../unreadable-requests.ts'

/** Where the page that was asked for is found over TLS; null where nobody is sent anywhere. */
export type Redirect = (request: IncomingMessage) => string | null

const REFUSAL: Problem = {
  error: 'This server speaks HTTPS alone. Ask again at the same address with https:// in front.',
  code: 'BAD_REQUEST',
}

/**
 * Answers plain HTTP on the port for TLS. A person who typed the address is sent to the same one over TLS; a program is
 * refused, so that one with a token in its hands stops sending it in the clear (ASVS 4.1.2).
 */
export function createPlainServer(redirect: Redirect): Server {
  const server = createServer({ ...SERVER_LIMITS, keepAlive: false }, (request, response) => {
    const target = redirect(request)
    if (target === null) refuse(response)
    else response.writeHead(308, { ...SECURITY_HEADERS, location: target, connection: 'close', 'cache-control': 'no-store' }).end()
  })
  // Without a listener of its own an upgrade is answered as a request.
  server.on('clientError', refuseUnreadable)
  return server
}

function refuse(response: ServerResponse): void {
  response
    .writeHead(426, {
      ...SECURITY_HEADERS,
      upgrade: 'TLS/1.2, HTTP/1.1',
      connection: 'Upgrade, close',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    .end(JSON.stringify(REFUSAL))
}
