import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { type Header, pack } from 'tar-stream'
import { afterAll, expect, test } from 'vitest'
import { readArchive } from './archive.ts'

type EntryHeader = Partial<Header> & Pick<Header, 'name'>

const folder = mkdtempSync(join(tmpdir(), 'acu-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Reads a backup with one more entry, made by somebody who knows the key; gives the names that were to be saved. */
async function namesSaved(header: EntryHeader): Promise<string[]> {
  const archive = pack()
  archive.entry({ name: 'manifest.json' }, JSON.stringify({ format: 1, version: '0.1.0', madeAt: '2026-01-01T00:00:00.000Z' }))
  if (header.type === undefined || header.type === 'file') archive.entry(header, 'PWNED')
  else archive.entry(header)
  archive.finalize()
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const path = join(folder, 'hostile.backup')
  writeFileSync(path, await encrypter.encrypt(await buffer(archive)))
  const names: string[] = []
  await readArchive(path, { kind: 'identity', identity, recipient }, async (name, content) => {
    names.push(name)
    for await (const chunk of content) expect(chunk.length).toBeGreaterThan(0)
  })
  return names
}

test.each<EntryHeader>([
  { name: '../escaped' },
  { name: 'keys/../../escaped' },
  { name: '/tmp/escaped' },
  { name: './config.json' },
  { name: 'keys//jwt' },
  { name: 'a\\..\\escaped' },
  { name: 'link', type: 'symlink', linkname: '/tmp' },
  { name: 'link', type: 'link', linkname: '/etc/passwd' },
  { name: 'folder', type: 'directory' },
  { name: 'device', type: 'character-device' },
  { name: 'pipe', type: 'fifo' },
])('an entry that leads out or is no plain file is refused: $name $type', async (header) => {
  await expect(namesSaved(header)).rejects.toThrow(/which no backup holds/)
})

test('a plain file is read', async () => {
  expect(await namesSaved({ name: 'keys/jwt' })).toEqual(['keys/jwt'])
})
