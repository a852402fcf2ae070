import { chmod, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../../test/support/certificates.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { systemClock } from '../../platform/clock.ts'
import { type CertificateFacts, readTlsPair, type TlsFiles } from './certificate.ts'
import { CertificateWatch } from './certificate-watch.ts'

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)

async function setup() {
  const folder = await temporaryFolder(onTestFinished)
  return { folder, files: await makeCertificate(folder, 'own') }
}

test('a pair that is in order is taken, and says for whom and how long it is', async () => {
  const { files } = await setup()
  const { facts } = await readTlsPair(files, new Date())
  expect(facts.names).toBe('DNS:localhost, IP Address:127.0.0.1')
  expect(facts.validTo.getTime()).toBeGreaterThan(Date.now() + DAY_MS)
  expect(facts.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
})

test('the key may be read by its group and by nobody else', async () => {
  const { files } = await setup()
  await chmod(files.key, 0o640)
  await readTlsPair(files, new Date())
  for (const mode of [0o644, 0o660, 0o601]) {
    await chmod(files.key, mode)
    await expect(readTlsPair(files, new Date())).rejects.toThrow(`(mode ${mode.toString(8)}), for example chmod 600`)
  }
})

test('a pair out of its time, of two halves, too weak or locked is refused with the reason', async () => {
  const { folder, files } = await setup()
  await expect(readTlsPair(files, inDays(3))).rejects.toThrow('expired on')
  await expect(readTlsPair(files, inDays(-3))).rejects.toThrow('is not valid before')
  const other = await makeCertificate(folder, 'other')
  await expect(readTlsPair({ ...files, key: other.key }, new Date())).rejects.toThrow('is not the key of the first certificate')
  const weak = await makeCertificate(folder, 'weak', { key: ['rsa:1024'] })
  await expect(readTlsPair(weak, new Date())).rejects.toThrow('has 1024 bits')
  await expect(readTlsPair({ ...files, key: files.cert }, new Date())).rejects.toThrow('TLS_KEY')
})

test('both files are told of when neither can be read, and nothing of what is in them', async () => {
  const { folder } = await setup()
  const nowhere: TlsFiles = { cert: join(folder, 'no.pem'), key: folder }
  await expect(readTlsPair(nowhere, new Date())).rejects.toMatchObject({
    mistakes: [expect.stringMatching(/^TLS_CERT .*no\.pem cannot be read \(ENOENT\)/), expect.stringMatching(/^TLS_KEY .* is no PEM file/)],
  })
  const junk = { cert: join(folder, 'junk.pem'), key: join(folder, 'junk.key') }
  for (const path of Object.values(junk)) await writeFile(path, 'hunter2-of-someone', { mode: 0o600 })
  await expect(readTlsPair(junk, new Date())).rejects.toThrow(/^TLS_CERT .* TLS_KEY (?!.*hunter2)/)
})

test('a renewed pair is taken up once both files are there, and a bad one is told of and left', async () => {
  const { folder, files } = await setup()
  const seen: unknown[] = []
  const waiters = new Set<() => void>()
  const note = (what: unknown) => {
    seen.push(what)
    for (const look of waiters) look()
  }
  const until = (isDone: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (isDone()) resolve()
      }
      waiters.add(look)
      look()
    })
  const watch = new CertificateWatch({
    files,
    clock: systemClock,
    use: () => {},
    onRenewed: ({ fingerprint }: CertificateFacts) => {
      note(fingerprint)
    },
    onProblem: note,
    lookEveryMs: 50,
  })
  onTestFinished(() => {
    watch.close()
  })
  const renewed = await makeCertificate(folder, 'renewed')
  const { fingerprint } = (await readTlsPair(renewed, new Date())).facts

  await rename(renewed.cert, files.cert)
  await until(() => seen.some((what) => what instanceof Error))
  await rename(renewed.key, files.key)
  await until(() => seen.includes(fingerprint))

  expect(seen.at(-1)).toBe(fingerprint)
  expect(String(seen[0])).toContain('is not the key of the first certificate')
})
