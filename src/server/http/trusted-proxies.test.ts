import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { TrustedProxies } from './trusted-proxies.ts'

function requestFrom(remoteAddress: string, forwarded: string | undefined): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress })
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

test.for([
  ['203.0.113.9', undefined, '203.0.113.9'],
  ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '192.0.2.66, 198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '192.0.2.66, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['::ffff:10.0.0.1', '2001:db8::7', '2001:db8::7'],
  ['10.0.0.1', 'nonsense', 'nonsense'],
  ['10.0.0.1', '', '10.0.0.1'],
  ['10.0.0.1', '10.0.0.3', '10.0.0.3'],
] as const)('from %s with X-Forwarded-For "%s" the client is %s', ([remote, forwarded, client]) => {
  expect(new TrustedProxies(['10.0.0.0/8']).clientAddress(requestFrom(remote, forwarded))).toBe(client)
})
