import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { loadOrMakeAuditKey } from './audit-key.ts'
import { signCheckpoint } from './checkpoint.ts'
import { CheckpointFile } from './checkpoint-file.ts'

/* What a power cut, or a disk that is full, leaves of the last line. */

async function setup() {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'audit'), { mode: 0o700 })
  const path = join(folder, 'audit', 'checkpoints.jsonl')
  const key = loadOrMakeAuditKey(folder)
  const file = new CheckpointFile(folder)
  const append = async (seq: number) => file.append(signCheckpoint({ seq, hash: 'a'.repeat(64), at: new Date() }, key))
  const seqs = async () => (await file.read()).map(({ seq }) => seq)
  return { path, file, append, seqs }
}

test.each([
  ['in the middle of a line', 40, [1]],
  ['before the end of its line', 1, [1, 2]],
])('a file that was cut off %s takes further checkpoints', async (_, missing, left) => {
  const { path, append, seqs } = await setup()
  await append(1)
  await append(2)
  await truncate(path, (await readFile(path)).length - missing)
  expect(await seqs()).toEqual(left)

  await append(3)
  await append(4)

  expect(await seqs()).toEqual([...left, 3, 4])
})

test('a whole line that is no checkpoint is never taken away, and is told', async () => {
  const { path, append, seqs } = await setup()
  await append(1)
  await appendFile(path, '{"seq":2}\n')
  await append(3)

  await expect(seqs()).rejects.toThrow(/^Line 2 of .+ is no checkpoint/)
})

test('a file of nothing but half a line is begun anew', async () => {
  const { path, append, seqs } = await setup()
  await writeFile(path, '{"seq":1,"ha')
  await append(2)
  expect(await seqs()).toEqual([2])
})
