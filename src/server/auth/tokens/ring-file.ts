import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ensurePrivateDirectory, ensurePrivateFile } from '../../platform/data-folder.ts'
import { DomainError } from '../../platform/domain-error.ts'
import { exclusively, replaceFile } from '../../platform/durable-file.ts'
import { loadKey } from '../../platform/key-store.ts'

const KEYS = 'keys'
/** From before there was a ring: one key for ever. */
const FORMER_KEY = 'jwt'

const RingEntry = z.object({
  kid: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  /** 32 bytes, hex. */
  secret: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  createdAt: z.iso.datetime(),
  /** Since when it only verifies; null for the one that signs. */
  retiredAt: z.nullable(z.iso.datetime()),
})
export type RingEntry = z.infer<typeof RingEntry>

const Ring = z.object({ keys: z.array(RingEntry) })

/** The ring cannot be read, or is none. */
export class KeyRingDamagedError extends DomainError {
  constructor(path: string, cause?: unknown) {
    super(
      'CONFLICT',
      `The key ring ${path} is damaged. Restore it from a backup, or remove the file: a new key is made then, and whoever is signed in stays so.`,
      { cause },
    )
  }
}

/**
 * The keys of the access tokens as they lie in `DATA_DIR/keys/jwt-ring.json`: one that signs, and those that signed
 * before. Every change is made under a lock and as one step, since a command changes it while a server reads it.
 */
export class RingFile {
  readonly path: string
  readonly #dataDirectory: string
  readonly #formerPath: string

  constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory
    this.#formerPath = join(dataDirectory, KEYS, `${FORMER_KEY}.key`)
    this.path = join(dataDirectory, KEYS, 'jwt-ring.json')
  }

  /** Whether there is a key, be it that of an earlier version. */
  isThere(): boolean {
    return existsSync(this.path) || existsSync(this.#formerPath)
  }

  /** Changes whenever the file does; null where there is none. */
  signature(): string | null {
    const stats = statSync(this.path, { throwIfNoEntry: false })
    return stats ? [stats.ino, stats.mtimeMs, stats.size].join('-') : null
  }

  /**
   * The entries, made where there are none: from the key of earlier versions, so that its tokens live on, or new.
   * @throws KeyRingDamagedError | KeyDamagedError
   */
  readOrMake(now: Date): RingEntry[] {
    return this.read() ?? this.change((entries) => entries, now)
  }

  /** @throws KeyRingDamagedError */
  read(): RingEntry[] | null {
    const text = readIfPresent(this.path)
    if (text === null) return null
    const entries = parse(text)
    if (entries === null) throw new KeyRingDamagedError(this.path)
    ensurePrivateFile(this.path)
    return entries
  }

  /**
   * Replaces the entries by what `edit` makes of them, and returns that.
   * @throws KeyRingDamagedError | KeyDamagedError
   */
  change(edit: (entries: RingEntry[]) => RingEntry[], now: Date): RingEntry[] {
    ensurePrivateDirectory(join(this.#dataDirectory, KEYS))
    return exclusively(`${this.path}.lock`, () => {
      const edited = edit(this.read() ?? [this.#firstEntry(now)])
      replaceFile(this.path, `${JSON.stringify({ keys: edited }, null, 2)}\n`)
      // Kept in two places it would outlive its retirement.
      rmSync(this.#formerPath, { force: true })
      return edited
    })
  }

  #firstEntry(now: Date): RingEntry {
    const former = loadKey(this.#dataDirectory, FORMER_KEY)
    if (former === null) return newEntry(now)
    return { kid: derivedKeyId(former), secret: former.toString('hex'), createdAt: now.toISOString(), retiredAt: null }
  }
}

/** A new key that signs. */
export function newEntry(now: Date): RingEntry {
  return { kid: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('hex'), createdAt: now.toISOString(), retiredAt: null }
}

/** A name for a key that came without one. Says nothing about the key. */
export function derivedKeyId(secret: Buffer): string {
  return createHash('sha256').update('kid:').update(secret).digest('hex').slice(0, 16)
}

function parse(text: string): RingEntry[] | null {
  try {
    const { keys } = Ring.parse(JSON.parse(text))
    const signing = keys.filter(({ retiredAt }) => retiredAt === null)
    const names = new Set(keys.map(({ kid }) => kid))
    return signing.length === 1 && names.size === keys.length ? keys : null
  } catch {
    // Told to whoever starts the server, by the caller; the text itself holds secrets.
    return null
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
