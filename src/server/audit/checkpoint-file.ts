import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ensurePrivateDirectory, ensurePrivateFile } from '../platform/data-folder.ts'
import { DomainError } from '../platform/domain-error.ts'
import { syncDirectory } from '../platform/durable-file.ts'
import { Checkpoint } from './checkpoint.ts'

/** Each vouches for everything before it, so old ones may go. */
const MAX_LINES = 2000
const KEPT_LINES = 1000

/** Somebody or something wrote into the file; the checkpoints in it cannot be relied on as a whole. */
class CheckpointFileError extends DomainError {
  constructor(line: number, path: string) {
    super(
      'CONFLICT',
      `Line ${String(line)} of ${path} is no checkpoint: the file was changed or is damaged. Keep it, and put a copy of it back.`,
    )
  }
}

/**
 * The checkpoints beside the database, one JSON object a line, in `DATA_DIR/audit/checkpoints.jsonl`: whoever cuts off
 * the end of the log in the database does not reach them there.
 */
export class CheckpointFile {
  readonly #path: string

  constructor(dataDirectory: string) {
    const directory = join(dataDirectory, 'audit')
    ensurePrivateDirectory(directory)
    this.#path = join(directory, 'checkpoints.jsonl')
    ensurePrivateFile(this.#path)
  }

  /** Durable when it resolves. @throws Error of node:fs, as on a full disk */
  async append(checkpoint: Checkpoint): Promise<void> {
    const text = await this.#text()
    const lines = linesOf(text)
    const isTorn = text !== '' && !text.endsWith('\n')
    // What is added behind a torn line would be one line with it, and no checkpoint either.
    if (isTorn && !Checkpoint.safeParse(parseOrNull(lines.at(-1) ?? '')).success) lines.pop()
    const line = JSON.stringify(checkpoint)
    if (isTorn || lines.length >= MAX_LINES) await this.#replace([...lines.slice(-KEPT_LINES), line])
    else await writeDurably(this.#path, 'a', `${line}\n`)
  }

  /**
   * In the order in which they were written; a last line that was cut off by a crash is left out.
   * @throws CheckpointFileError
   */
  async read(): Promise<Checkpoint[]> {
    const lines = linesOf(await this.#text())
    return lines.flatMap((line, index) => {
      const parsed = Checkpoint.safeParse(parseOrNull(line))
      if (parsed.success) return [parsed.data]
      if (index === lines.length - 1) return []
      throw new CheckpointFileError(index + 1, this.#path)
    })
  }

  /** The newest that is wanted; lines that are no checkpoint are passed over. */
  async last(isWanted: (checkpoint: Checkpoint) => boolean): Promise<Checkpoint | null> {
    for (const line of linesOf(await this.#text()).reverse()) {
      const parsed = Checkpoint.safeParse(parseOrNull(line))
      if (parsed.success && isWanted(parsed.data)) return parsed.data
    }
    return null
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
      throw error
    }
  }

  async #replace(lines: string[]): Promise<void> {
    const temporary = `${this.#path}.new`
    await writeDurably(temporary, 'w', `${lines.join('\n')}\n`)
    await rename(temporary, this.#path)
    syncDirectory(dirname(this.#path))
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

async function writeDurably(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Told to the caller as no checkpoint.
    return null
  }
}
