import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LoginId, UserId } from '#protocol/ids'
import { TestClock } from '../../../../test/support/test-clock.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { UnauthorizedError } from '../../http/principal.ts'
import { AccessTokens } from './access-tokens.ts'
import { fixedKeys, KeyRing, rotateJwtKey } from './key-ring.ts'

const TTL_SECONDS = 900
const claims = { userId: UserId.parse('usr_1'), loginId: LoginId.parse('log_1') }

async function setup(folder?: string) {
  const dataDirectory = folder ?? (await temporaryFolder())
  const clock = new TestClock()
  const problems: unknown[] = []
  const onProblem = (error: unknown) => void problems.push(error)
  const ring = new KeyRing({ dataDirectory, accessTtlSeconds: TTL_SECONDS, clock, onChange: () => {}, onProblem })
  onTestFinished(() => {
    ring.close()
  })
  const path = join(dataDirectory, 'keys', 'jwt-ring.json')
  const tokens = new AccessTokens(ring, TTL_SECONDS, clock)
  const rotate = () => {
    const rotated = rotateJwtKey(dataDirectory, clock.now())
    ring.look()
    return rotated
  }
  return { dataDirectory, clock, problems, ring, path, tokens, rotate }
}

test('a key is made once, found again, and kept for its owner alone', async () => {
  const { dataDirectory, ring, path } = await setup()

  const again = await setup(dataDirectory)

  expect(again.ring.signing().kid).toBe(ring.signing().kid)
  expect(ring.signing().kid).toMatch(/^[0-9a-f]{16}$/)
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
})

test('the key of earlier versions is taken over, with the name that its tokens carry, and lies in one place', async () => {
  const dataDirectory = await temporaryFolder()
  const secret = 'ab'.repeat(32)
  await mkdir(join(dataDirectory, 'keys'))
  await writeFile(join(dataDirectory, 'keys', 'jwt.key'), `${secret}\n`)
  const former = await new AccessTokens(fixedKeys(Buffer.from(secret, 'hex')), TTL_SECONDS, new TestClock()).issue(claims)

  const { tokens } = await setup(dataDirectory)

  expect(await tokens.verify(former)).toEqual(claims)
  expect((await readdir(join(dataDirectory, 'keys'))).sort()).toEqual(['jwt-ring.json', 'jwt-ring.json.lock'])
})

test('after a rotation the new key signs and the old one verifies until its last token has expired', async () => {
  const { clock, tokens, rotate, ring, path } = await setup()
  const old = await tokens.issue(claims)

  const { kid, retiredKid } = rotate()
  const fresh = await tokens.issue(claims)

  expect(ring.signing().kid).toBe(kid)
  expect(await tokens.verify(old)).toEqual(claims)
  expect(await tokens.verify(fresh)).toEqual(claims)
  clock.advance((TTL_SECONDS + 29) * 1000)
  expect(await tokens.verify(old)).toEqual(claims)
  clock.advance(1000)
  await expect(tokens.verify(old)).rejects.toThrow(UnauthorizedError)
  ring.look()
  expect(await readFile(path, 'utf8')).not.toContain(retiredKid)
  expect(await readFile(path, 'utf8')).toContain(kid)
})

test('a verified token is not believed longer than its key', async () => {
  const { clock, ring, rotate } = await setup()
  const longLived = new AccessTokens(ring, 10 * TTL_SECONDS, clock)
  const token = await longLived.issue(claims)
  await longLived.verify(token)

  rotate()
  clock.advance((TTL_SECONDS + 31) * 1000)

  await expect(longLived.verify(token)).rejects.toThrow(UnauthorizedError)
})

test('several rotations in a row keep every key that may have tokens out', async () => {
  const { tokens, rotate } = await setup()
  const issued = []
  for (let count = 0; count < 4; count += 1) {
    issued.push(await tokens.issue(claims))
    rotate()
  }

  for (const token of issued) expect(await tokens.verify(token)).toEqual(claims)
})

test.for<[string, string]>([
  ['no JSON', '{"keys":'],
  ['no key', '{"keys":[]}'],
  ['a short secret', '{"keys":[{"kid":"0123456789abcdef","secret":"00","createdAt":"2026-01-01T00:00:00.000Z","retiredAt":null}]}'],
])('a ring with %s is refused with what to do, and left as it is', async ([, text]) => {
  const dataDirectory = await temporaryFolder()
  await mkdir(join(dataDirectory, 'keys'))
  const path = join(dataDirectory, 'keys', 'jwt-ring.json')
  await writeFile(path, text)

  await expect(setup(dataDirectory)).rejects.toThrow(/is damaged\. Restore it/)
  expect(() => rotateJwtKey(dataDirectory, new Date())).toThrow(/is damaged/)
  expect(await readFile(path, 'utf8')).toBe(text)
})

test('a ring with two keys that sign, or two of one name, is refused', async () => {
  const { dataDirectory, path } = await setup()
  const { keys } = JSON.parse(await readFile(path, 'utf8')) as { keys: object[] }
  const broken = [
    [...keys, { ...keys[0], kid: '0123456789abcdef' }],
    [...keys, { ...keys[0], retiredAt: '2026-11-01T12:00:00.000Z' }],
  ]

  for (const each of broken) {
    await writeFile(path, JSON.stringify({ keys: each }))
    await expect(setup(dataDirectory)).rejects.toThrow(/is damaged/)
  }
})

test('a file that is damaged while the server runs changes nothing and is told once', async () => {
  const { path, ring, tokens, problems } = await setup()
  const { kid } = ring.signing()
  const token = await tokens.issue(claims)

  await writeFile(path, 'nonsense')
  ring.look()
  ring.look()

  expect(ring.signing().kid).toBe(kid)
  expect(await tokens.verify(token)).toEqual(claims)
  expect(problems).toEqual([expect.objectContaining({ message: expect.stringContaining('is damaged') })])
})

test('a data folder without a key has none to rotate', async () => {
  const dataDirectory = await temporaryFolder()

  expect(() => rotateJwtKey(dataDirectory, new Date())).toThrow(/holds no key to rotate/)
  expect(await readdir(dataDirectory)).toEqual([])
})
