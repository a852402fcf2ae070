import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createSampleProject } from './sample-project.ts'

const run = promisify(execFile)

test('the sample project is a clean repository with exactly one failing test', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'demo-sample-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  const { path } = await createSampleProject(parent)

  expect(basename(path)).toBe('corner-shop')
  expect((await run('git', ['status', '--porcelain'], { cwd: path })).stdout).toBe('')
  expect((await run('git', ['log', '--format=%s'], { cwd: path })).stdout).toBe('Open the shop\n')
  // Without the variable by which a test runner knows that it runs inside another one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const failure = await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd: path, env }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 1, stdout: expect.stringMatching(/# pass 5\n# fail 1\n/) })
})
