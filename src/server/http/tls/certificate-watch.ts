import { type StatsListener, unwatchFile, watchFile } from 'node:fs'
import type { Clock } from '../../platform/clock.ts'
import { type CertificateFacts, readTlsPair, type TlsFiles, type TlsPair } from './certificate.ts'

/** Files are looked at this often: a renewal replaces links and folders, of which the system's own notices say nothing. */
const LOOK_EVERY_MS = 5_000
/** Both files are replaced one after the other. */
const SETTLE_MS = 500

export interface CertificateWatchOptions {
  files: TlsFiles
  clock: Clock
  /** Puts a new pair in force. @throws Error where it cannot be used */
  use: (pair: TlsPair) => void
  onRenewed: (facts: CertificateFacts) => void
  /** The new pair cannot be used; the one from before stays. */
  onProblem: (error: unknown) => void
  lookEveryMs?: number
}

/** Reads the pair again when a file of it changes. */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions
  readonly #onChange: StatsListener
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(options: CertificateWatchOptions) {
    this.#options = options
    this.#onChange = () => {
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.#reload(), SETTLE_MS).unref()
    }
    const { files, lookEveryMs = LOOK_EVERY_MS } = options
    for (const path of [files.cert, files.key]) watchFile(path, { interval: lookEveryMs, persistent: false }, this.#onChange)
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const { cert, key } = this.#options.files
    for (const path of [cert, key]) unwatchFile(path, this.#onChange)
  }

  async #reload(): Promise<void> {
    const { files, clock, use, onRenewed, onProblem } = this.#options
    try {
      const pair = await readTlsPair(files, clock.now())
      if (this.#isClosed) return
      use(pair)
      onRenewed(pair.facts)
    } catch (error) {
      if (!this.#isClosed) onProblem(error)
    }
  }
}
