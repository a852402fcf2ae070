import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import * as z from 'zod/mini'
import { AuditLogEntry } from '#protocol/audit'
import { canonicalJson } from '../platform/canonical-json.ts'
import { ensurePrivateDirectory } from '../platform/data-folder.ts'
import type { AuditRow } from './audit-repository.ts'

const PAGE = 500

/** A segment as its row in the database tells of it. */
export interface Segment {
  first: number
  last: number
  file: string
  sha256: string
}

/** What is wrong with a segment, as what is said of its first entry that cannot be had. */
export class SegmentFault extends Error {
  readonly seq: number
  readonly what: string

  constructor(seq: number, what: string, cause?: unknown) {
    super(`Entry ${String(seq)} of the audit log ${what}.`, { cause })
    this.name = 'SegmentFault'
    this.seq = seq
    this.what = what
  }
}

/** The sealed parts of the audit log: `DATA_DIR/audit/segment-<first>-<last>.jsonl.gz` (0600), lines as in an export. */
export class SegmentFiles {
  readonly #directory: string

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'audit')
    ensurePrivateDirectory(this.#directory)
  }

  /**
   * Writes a segment; durable under its name when it resolves, and not there when it fails.
   * @returns its name, size in bytes and SHA-256
   */
  async write({ first, last }: { first: number; last: number }, lines: AsyncIterable<string>) {
    const file = `segment-${String(first)}-${String(last)}.jsonl.gz`
    const path = join(this.#directory, file)
    const temporary = `${path}.new`
    await rm(temporary, { force: true })
    const handle = await open(temporary, 'wx', 0o600)
    const hash = createHash('sha256')
    let bytes = 0
    try {
      await pipeline(lines, createGzip(), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.length
          await handle.writeFile(chunk)
        }
      })
      await handle.sync()
    } finally {
      await handle.close()
    }
    const sha256 = hash.digest('hex')
    await keepOther(path, sha256)
    await rename(temporary, path)
    await syncDirectory(dirname(path))
    return { file, bytes, sha256 }
  }

  /**
   * The entries of a segment in order, and with the last of them the certainty that the file is the one that was sealed.
   * @throws SegmentFault
   */
  async *read({ first, last, file, sha256 }: Segment): AsyncGenerator<AuditRow[]> {
    const hash = createHash('sha256')
    let seq = first - 1
    try {
      for await (const page of pagesOf(join(this.#directory, basename(file)), hash)) {
        yield page
        seq = page.at(-1)?.seq ?? seq
      }
    } catch (error) {
      throw readingFault(error, { seq: seq + 1, file })
    }
    if (seq < last) throw new SegmentFault(seq + 1, `is missing in ${file}`)
    if (hash.digest('hex') !== sha256) throw new SegmentFault(first, `was changed: ${file} is not the file that was sealed`)
  }
}

function readingFault(error: unknown, { seq, file }: { seq: number; file: string }): SegmentFault {
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  const gone = `is missing: it was sealed into ${file}, which is not in the folder audit of the data folder`
  return new SegmentFault(seq, isGone ? gone : `cannot be read: ${file} is damaged`, error)
}

const EntryLine = z.extend(AuditLogEntry, { type: z.literal('entry') })

async function* pagesOf(path: string, hash: ReturnType<typeof createHash>): AsyncGenerator<AuditRow[]> {
  const tap = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const source = createReadStream(path)
  const text = createGunzip()
  const ended = pipeline(source, tap, text)
  // Thrown to whoever reads below, through the stream; this keeps a failure of its own from going unheard.
  ended.catch(() => {})
  let page: AuditRow[] = []
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = rowOf(line)
    if (row) page.push(row)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  await ended
  if (page.length > 0) yield page
}

/** Null for a line that is no entry, as a checkpoint. */
function rowOf(line: string): AuditRow | null {
  const parsed: unknown = JSON.parse(line)
  const entry = EntryLine.safeParse(parsed)
  if (!entry.success) return null
  const { type: _, details, ...rest } = entry.data
  return { ...rest, details: canonicalJson(details) }
}

/** A file of that name with other content, as after a backup was restored, is moved aside: nothing is overwritten. */
async function keepOther(path: string, sha256: string): Promise<void> {
  const other = await readFile(path).catch(() => null)
  if (other === null) return
  const found = createHash('sha256').update(other).digest('hex')
  if (found !== sha256) await rename(path, `${path}.kept-${found.slice(0, 16)}`)
}

/** Makes a rename survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
