import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SECRET_CORPUS } from '../../../test/support/secret-corpus.ts'
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
  // Hashes and ids are what the log is searched by.
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  '752d569 Give the test a rule',
  '123e4567-e89b-42d3-a456-426614174000',
  'aud_0f8b2c9d7e6a5b4c3d2e',
  'ses_01J9ZQ0V6M7N8P9Q0R1S2T3U4V',
  'toolu_01A09q90qw90lq917835lq9',
  'input hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  // Commands and settings that only look like it.
  'docker run -u 1000:1000 -p 8080:80 image',
  'mysql -u root -P 3306 -p shop < dump.sql',
  'mkdir -p src/server',
  'ssh -p 22 git@example.test',
  'git clone git@github.com:ada/shop.git',
  'git push https://github.com/ada/shop.git',
  'ssh://git@example.test:22/shop.git',
  'curl -u ada https://example.test',
  'npm run build --workspace=npm-registry-fetch-client',
  'npm_config_registry=https://registry.test/ npm ci',
  'max_tokens=4096 tokens: 12000',
  'PWD=/home/ada OLDPWD=/tmp make',
  'SORT_KEY=name PRIMARY_KEY=id',
  'basic authentication is off',
  'Basic information about the project',
  'bearer authentication is off',
  'Read the secrets chapter',
  'the password was changed',
  'node --test --test-name-pattern=password',
  'rule: Bash: git log **',
  '2026-11-01T12:00:00.000Z',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'error: key "x" is not known here',
  'https://example.test/a?key=1&page=2#top',
  '/home/ada/task-force-one-two-three-four',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text)
})

test.for(SECRET_CORPUS)('%s is taken out of: %s', ([secret, text]) => {
  expect(redactText(text)).not.toContain(secret)
  expect(redactText(`before\n${text}\nafter`)).toMatch(/^before\n/)
  expect(JSON.stringify(redactValue({ command: text, list: [text] }))).not.toContain(JSON.stringify(secret).slice(1, -1))
})

test('a command in words is read as one, and loses no word', () => {
  expect(redactValue({ argv: ['curl', '-u', 'ada:hunter2', '--token', 'abc', 'https://x.test'] })).toEqual({
    argv: ['curl', '-u', `ada:${REDACTED}`, '--token', REDACTED, 'https://x.test'],
  })
  expect(redactValue(['git', 'log', '--oneline', ''])).toEqual(['git', 'log', '--oneline', ''])
  expect(redactValue([])).toEqual([])
})

/** Beginnings over and over, which make an expression that looks far ahead from each of them take the square of the time. */
const BEGINNINGS = [
  '-eyJaaaaaaaa',
  'token-',
  'password"',
  'password=',
  'mysql -',
  'curl -u a',
  'a://b:',
  'a://',
  '-----BEGIN PRIVATE KEY-----',
  'cookie: a',
]
const MORE = [
  'bearer a',
  '--token ',
  "password '",
  'acu_',
  'sk-',
  'authorization: ',
  'htpasswd -b a ',
  ';pwd',
  'login a password ',
  '?code=',
  '"',
  "='",
  'A_KEY=',
]

test.for([...BEGINNINGS, ...MORE])('the time for "%s" again and again grows with the length, not with its square', (beginning) => {
  const time = (length: number) => {
    const text = beginning.repeat(Math.ceil(length / beginning.length))
    const times = [1, 2, 3].map(() => {
      const before = performance.now()
      redactText(text)
      return performance.now() - before
    })
    return Math.min(...times)
  }
  time(10_000)
  // Sixteen times the text: linear is 16, a square 256. The bound lies far from both.
  expect(time(320_000) / Math.max(time(20_000), 1)).toBeLessThan(100)
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
