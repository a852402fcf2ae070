import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { SAMPLE_PROJECT_FILES } from './sample-project-files.ts'

const GIT_TIMEOUT_MS = 10_000

/**
 * Writes the sample project into a fresh folder under `parent` (made where missing) and commits it where git is there.
 * @returns the project's absolute path; its last part is always `corner-shop`
 */
export async function createSampleProject(parent: string): Promise<{ path: string }> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const path = join(await mkdtemp(join(parent, 'sample-')), 'corner-shop')
  for (const [name, content] of Object.entries(SAMPLE_PROJECT_FILES)) {
    const file = join(path, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { flag: 'wx' })
  }
  await commitEverything(path)
  return { path }
}

/** A sample without history is still a sample, so a machine without git is no failure. */
async function commitEverything(cwd: string): Promise<void> {
  const identity = [
    '-c',
    'user.name=Corner Shop',
    '-c',
    'user.email=shop@example.invalid',
    '-c',
    'commit.gpgsign=false',
    '-c',
    'core.hooksPath=',
  ]
  const commands = [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'Open the shop'],
  ]
  try {
    for (const command of commands) await promisify(execFile)('git', [...identity, ...command], { cwd, timeout: GIT_TIMEOUT_MS })
  } catch (error) {
    if (!isMissingGit(error)) throw error
  }
}

function isMissingGit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
