import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ExactCall } from '#protocol/policy'

const MAX_BYTES = 5 * 1024 * 1024

/** What there is under a path; `hash` is the SHA-256 of a plain file. */
export type FileState = { kind: 'file'; hash: string } | { kind: 'absent' | 'other' | 'too-large' }

/** Whether each file is as it was when the rule was made; one that cannot be looked at is not. */
export async function areUnchanged(files: ExactCall['files']): Promise<boolean> {
  for (const { path, sha256 } of files) {
    const state = await stateOf(path)
    if (state.kind === 'file' ? state.hash !== sha256 : state.kind !== 'absent' || sha256 !== null) return false
  }
  return true
}

/** How a file is now. Never throws and never waits for a writer. */
export async function stateOf(path: string): Promise<FileState> {
  try {
    // Non-blocking: opening a FIFO must not wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) return { kind: 'other' }
      if (found.size > MAX_BYTES) return { kind: 'too-large' }
      const content = await file.readFile()
      return { kind: 'file', hash: createHash('sha256').update(content).digest('hex') }
    } finally {
      await file.close()
    }
  } catch (error) {
    return { kind: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : 'other' }
  }
}
