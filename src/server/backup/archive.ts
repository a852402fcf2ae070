import { open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Decrypter, Encrypter } from 'age-encryption'
import { extract, type Header, pack, type Pack } from 'tar-stream'
import * as z from 'zod/mini'
import { DomainError } from '../platform/domain-error.ts'
import { canStandInBackup } from './backup-paths.ts'

/** What a backup says of itself, its first entry. */
export const Manifest = z.object({
  format: z.literal(1),
  /** Of the product that made it. */
  version: z.string(),
  madeAt: z.iso.datetime(),
})
export type Manifest = z.infer<typeof Manifest>

const MANIFEST = 'manifest.json'
const MOST_MANIFEST_BYTES = 65_536

/** A file while it is unpacked. */
type Entry = AsyncIterable<unknown> & { header: Header }

/** What opens a backup. */
export type BackupKey = { kind: 'passphrase'; passphrase: string } | { kind: 'identity'; identity: string; recipient: string }

/** A file that goes into a backup: its text, or where it lies. */
export type Source = { path: string; content: Buffer } | { path: string; file: string }

/** The file is no backup, was cut off or changed, or the key is another. */
export class BackupUnreadableError extends DomainError {
  constructor(path: string, what: string, cause?: unknown) {
    super('CONFLICT', `${path} cannot be restored: ${what}. Nothing was changed.`, { cause })
  }
}

/**
 * Packs files as tar and encrypts them with age (https://age-encryption.org/v1), as a stream: neither the whole nor a large
 * file is ever in memory.
 * @param written is told how many bytes were written so far
 * @throws Error of node:fs
 */
export async function writeArchive(
  target: string,
  { manifest, sources, key }: { manifest: Manifest; sources: AsyncIterable<Source>; key: BackupKey },
  written: (bytes: number) => void,
): Promise<void> {
  const archive = pack()
  const filled = fill(archive, manifest, sources)
  // Told by the pipeline, which the archive's own error ends.
  filled.catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  const encrypter = new Encrypter()
  if (key.kind === 'passphrase') encrypter.setPassphrase(key.passphrase)
  else encrypter.addRecipient(key.recipient)
  const encrypted = await encrypter.encrypt(streamOf(bytesOf(archive)))
  const file = await open(target, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const chunk of encrypted) {
      await file.writeFile(chunk)
      bytes += chunk.length
      written(bytes)
    }
    await filled
    await file.sync()
  } finally {
    archive.destroy()
    await file.close()
  }
}

async function fill(archive: Pack, manifest: Manifest, sources: AsyncIterable<Source>): Promise<void> {
  await add(archive, { path: MANIFEST, content: Buffer.from(`${JSON.stringify(manifest)}\n`) })
  for await (const source of sources) await add(archive, source)
  archive.finalize()
}

async function add(archive: Pack, source: Source): Promise<void> {
  const size = 'content' in source ? source.content.length : (await stat(source.file)).size
  const entry = archive.entry({ name: source.path, size, mode: 0o600, type: 'file' })
  if ('content' in source) {
    await pipeline(Readable.from([source.content]), entry)
    return
  }
  const file = await open(source.file, 'r')
  await pipeline(size === 0 ? Readable.from([]) : file.createReadStream({ start: 0, end: size - 1 }), entry)
  await file.close()
}

/** As the standard of the web has it; reads on only when it is read. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await chunks.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
}

/** Which kind of key a backup wants, from its header. @throws BackupUnreadableError */
export async function keyKindOf(path: string): Promise<BackupKey['kind']> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new BackupUnreadableError(path, 'it cannot be read', error)
  })
  try {
    const head = Buffer.alloc(64)
    await file.read(head, 0, head.length, 0)
    const text = head.toString('latin1')
    if (!text.startsWith('age-encryption.org/v1\n')) throw new BackupUnreadableError(path, 'it is no backup of AI Code UI')
    return text.includes('-> scrypt ') ? 'passphrase' : 'identity'
  } finally {
    await file.close()
  }
}

/**
 * Decrypts and unpacks a backup; each chunk is authenticated before any of it is used, the end of the file too.
 * @param save takes one file after the other and reads it to its end
 * @throws BackupUnreadableError, or what `save` throws
 */
export async function readArchive(
  path: string,
  key: BackupKey,
  save: (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<Manifest> {
  const decrypter = new Decrypter()
  if (key.kind === 'passphrase') decrypter.addPassphrase(key.passphrase)
  else decrypter.addIdentity(key.identity)
  const file = await open(path, 'r')
  const unpacked = extract()
  try {
    const encrypted = streamOf(bytesOf(file.createReadStream({ autoClose: false })))
    const decrypted = await decrypter.decrypt(encrypted).catch((error: unknown) => {
      throw new BackupUnreadableError(path, key.kind === 'passphrase' ? 'the passphrase is another' : 'the key is another', error)
    })
    const fed = pipeline(Readable.from(decrypted), unpacked)
    // A failure to save ends the reading too; the cause is the one to tell.
    const [saved, read] = await Promise.allSettled([saveAll(unpacked, path, save), fed])
    if (saved.status === 'rejected') throw saved.reason
    if (read.status === 'rejected') throw read.reason
    return saved.value
  } catch (error) {
    if (error instanceof DomainError || isOfDisk(error)) throw error
    throw new BackupUnreadableError(path, 'it is damaged or was cut off', error)
  } finally {
    unpacked.destroy()
    await file.close()
  }
}

async function saveAll(
  entries: AsyncIterable<Entry>,
  path: string,
  save: (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<Manifest> {
  let manifest: Manifest | null = null
  for await (const entry of entries) {
    const { name, type } = entry.header
    if (manifest === null) manifest = await manifestIn(entry, path)
    else if (type !== 'file' || !canStandInBackup(name)) throw new BackupUnreadableError(path, `it holds "${name}", which no backup holds`)
    else
      await save(name, bytesOf(entry)).catch((error: unknown) => {
        throw isOfName(error) ? new BackupUnreadableError(path, `it holds "${name}", which no backup holds`, error) : error
      })
  }
  if (manifest === null) throw new BackupUnreadableError(path, 'it is empty')
  return manifest
}

async function manifestIn(entry: Entry, path: string): Promise<Manifest> {
  const chunks: Uint8Array[] = []
  if (entry.header.name !== MANIFEST || entry.header.size > MOST_MANIFEST_BYTES)
    throw new BackupUnreadableError(path, 'it is no backup of AI Code UI')
  for await (const chunk of bytesOf(entry)) chunks.push(chunk)
  const parsed = Manifest.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  if (parsed.success) return parsed.data
  throw new BackupUnreadableError(path, 'it was made by another version of AI Code UI than this one knows')
}

/** Of the disk that is written to, not of what is read. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** Of a name that was there before, or lies below a file: no disk is to blame. */
function isOfName(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String(error.code))
}
