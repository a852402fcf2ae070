import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** How a test, or a whole file of tests, cleans up: vitest's `onTestFinished` or `afterAll`. */
export type OnEnd = (cleanUp: () => Promise<void> | void) => void

/** A fresh folder by its real path, removed with all that is in it at the end. */
export async function temporaryFolder(onEnd: OnEnd = onTestFinished): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'acu-test-')))
  onEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
  return folder
}
