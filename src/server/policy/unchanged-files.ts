import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ExactCall } from '#protocol/policy'

const MAX_BYTES = 5 * 1024 * 1024

/** Whether each file is as it was when the rule was made; one that cannot be looked at is not. */
export async function areUnchanged(files: ExactCall['files']): Promise<boolean> {
  for (const { path, sha256 } of files) {
    if ((await hashOf(path).catch(() => 'unreadable')) !== sha256) return false
  }
  return true
}

/** Null: there is no such file. */
async function hashOf(path: string): Promise<string | null> {
  // Non-blocking: opening a FIFO must not wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > MAX_BYTES) return 'unreadable'
    return createHash('sha256')
      .update(await file.readFile())
      .digest('hex')
  } finally {
    await file.close()
  }
}
