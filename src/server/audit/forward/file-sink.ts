import { type FileHandle, open, stat } from 'node:fs/promises'
import type { ForwardLine, ForwardSink } from './forward-line.ts'

/** Appends JSON Lines to a file (made with 0600), durable when it resolves; a file that was renamed is left to whoever did so. */
export class FileSink implements ForwardSink {
  readonly #path: string
  #file: FileHandle | null = null

  constructor(path: string) {
    this.#path = path
  }

  async send(lines: readonly ForwardLine[]): Promise<void> {
    try {
      const file = await this.#current()
      await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      await file.datasync()
    } catch (error) {
      // Opened again next time, which looks at how the file ends.
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  async #current(): Promise<FileHandle> {
    const [there, opened] = await Promise.all([stat(this.#path).catch(() => null), this.#file?.stat()])
    if (there && !there.isFile()) throw new Error(`${this.#path} is no file`)
    const isSame = there !== null && there.ino === opened?.ino && there.dev === opened.dev
    if (this.#file && isSame) return this.#file
    await this.close()
    const file = await open(this.#path, 'a+', 0o600)
    this.#file = file
    if (await endsInside(file)) await file.appendFile('\n')
    return file
  }
}

/** Whether a crash cut off the last line; it comes again whole. */
async function endsInside(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}
