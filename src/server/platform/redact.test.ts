import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REDACTED, redactText, redactValue } from './redact.ts'

/** Put together here, so that no scanner takes these lines for the real thing. */
const SECRETS = [
  'acu_3q2-7wABcdEFghIJklMNopQRstUVwxYZ0123456789a',
  ['sk', 'ant', 'api03', 'AbCdEfGhIjKlMnOpQrStUvWx'].join('-'),
  ['ghp', 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'].join('_'),
  ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  ['AIza', 'SyD-abcdefghijklmnopqrstuvwxyz01234'].join(''),
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLWJ5dGVz',
  ['-----BEGIN OPENSSH', 'PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAA\n-----END OPENSSH', 'PRIVATE KEY-----'].join(' '),
]

test.for(SECRETS)('%s is taken out wherever it stands', (secret) => {
  const text = `run --key ${secret} now`
  expect(redactText(text)).toBe(`run --key ${REDACTED} now`)
  expect(JSON.stringify(redactValue({ a: [{ b: text }] }))).not.toContain(secret)
})

test.for([
  ['Authorization: Bearer abcdefgh12345678', `Authorization: Bearer ${REDACTED}`],
  ['https://ada:hunter22@example.test/x', `https://ada:${REDACTED}@example.test/x`],
  ['DB_PASSWORD=hunter2222 psql', `DB_PASSWORD=${REDACTED} psql`],
  ['{"apiKey": "hunter2222"}', `{"apiKey": "${REDACTED}"}`],
  ['export AWS_SECRET_ACCESS_KEY=abcdefghijklmnop', `export AWS_SECRET_ACCESS_KEY=${REDACTED}`],
] as const)('%s keeps its words and loses its secret', ([text, clean]) => {
  expect(redactText(text)).toBe(clean)
})

test.for([
  'npm test',
  'git log --oneline',
  'refresh token used twice',
  'the tokens: 12',
  'https://example.test/a?b=c',
  'bearer of news',
  'a@b.test',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text)
})

test('members that are named like secrets are replaced whatever they hold', () => {
  expect(redactValue({ password: 'x', newPassword: ['y'], code: 123, note: 'z', token: null })).toEqual({
    password: REDACTED,
    newPassword: REDACTED,
    code: REDACTED,
    note: 'z',
    token: null,
  })
})

test('any text comes out well-formed, and the same when it is redacted again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const clean = redactText(text)
      expect(clean.isWellFormed()).toBe(true)
      expect(redactText(clean)).toBe(clean)
    }),
  )
})
