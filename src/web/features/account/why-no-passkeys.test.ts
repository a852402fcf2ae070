import { expect, test } from 'vitest'
import { whyNoPasskeys } from './why-no-passkeys.ts'

const at = (url: string, isSecure = true, isKnown = true) => whyNoPasskeys({ location: new URL(url), isSecure, isKnown })

test('on this machine by address it names the same screen as localhost', () => {
  expect(at('http://127.0.0.1:3001/account')).toEqual({ reason: 'ip-address', localUrl: 'http://localhost:3001/account#passkeys' })
  expect(at('https://[::1]/account')).toEqual({ reason: 'ip-address', localUrl: 'https://localhost/account#passkeys' })
})

test('elsewhere it names what is missing', () => {
  expect(at('http://atlas.local:3001/', false, false)).toEqual({ reason: 'insecure', localUrl: null })
  expect(at('http://192.168.1.5:3001/', false, false)).toEqual({ reason: 'insecure', localUrl: null })
  expect(at('https://192.168.1.5/')).toEqual({ reason: 'ip-address', localUrl: null })
  expect(at('https://atlas.example/', true, false)).toEqual({ reason: 'browser', localUrl: null })
  expect(at('https://atlas.example/')).toEqual({ reason: 'server', localUrl: null })
})
