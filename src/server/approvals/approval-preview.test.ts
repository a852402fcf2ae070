import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandAsk, writeAsk } from '../../../test/support/scripted-provider.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { within } from '../../../test/support/within.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { previewOf } from './approval-preview.ts'

/** POSIX has it everywhere; Node has no call for it. */
const MAKE_PIPE = 'mkfifo'

async function setup(content = 'one two one\n') {
  const path = join(await temporaryFolder(), 'file.txt')
  await writeFile(path, content)
  const edit = (toolInput: Record<string, unknown>): ApprovalAsk => ({
    ...writeAsk(path),
    toolName: 'Edit',
    toolInput: { file_path: path, ...toolInput },
  })
  return { path, edit }
}

test('a command is shown as it is', async () => {
  expect(await previewOf(commandAsk('npm test\n# really'))).toEqual({ kind: 'command', command: 'npm test\n# really' })
})

test('a new file has nothing before, an existing one what is there', async () => {
  const { path } = await setup()

  expect(await previewOf(writeAsk(path, 'new\n'))).toEqual({
    kind: 'edit',
    path,
    oldText: 'one two one\n',
    newText: 'new\n',
    truncated: false,
  })
  expect(await previewOf(writeAsk(`${path}.new`, 'new\n'))).toMatchObject({ oldText: null, newText: 'new\n' })
})

test('an edit is shown in its surroundings, replacing as the tool does', async () => {
  const { edit } = await setup()

  expect(await previewOf(edit({ old_string: 'one', new_string: '$& $1' }))).toMatchObject({ newText: '$& $1 two one\n' })
  expect(await previewOf(edit({ old_string: 'one', new_string: '1', replace_all: true }))).toMatchObject({ newText: '1 two 1\n' })
})

test('an edit of text that is not there is shown on its own', async () => {
  const { edit } = await setup()

  expect(await previewOf(edit({ old_string: 'three', new_string: '3' }))).toMatchObject({ oldText: 'three', newText: '3' })
})

test('long texts are cut, and say so', async () => {
  const { path } = await setup('x'.repeat(300_000))

  expect(await previewOf(writeAsk(path, 'short'))).toMatchObject({ truncated: true, newText: 'short' })
  const preview = await previewOf(writeAsk(`${path}.new`, 'y'.repeat(300_000)))
  expect(preview?.kind === 'edit' && preview.newText.length).toBe(200_000)
})

test('what is no regular file is not read, and nobody waits for it', async () => {
  const path = join(await temporaryFolder(), 'pipe')
  execFileSync(MAKE_PIPE, [path])

  expect(await within(2000, 'the preview', previewOf(writeAsk(path, 'new\n')))).toMatchObject({ oldText: null })
})

test('an address is shown, and other tools show their input alone', async () => {
  const tool: ApprovalAsk = { approvalKind: 'tool', toolName: 'WebFetch', toolInput: { url: 'https://docs.test' }, title: '', writes: [] }

  expect(await previewOf(tool)).toEqual({ kind: 'url', url: 'https://docs.test' })
  expect(await previewOf({ ...tool, toolInput: {} })).toBeNull()
  expect(await previewOf({ ...writeAsk('/x'), writes: [] })).toBeNull()
})
