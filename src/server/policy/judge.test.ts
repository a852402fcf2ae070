import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import { commandAsk, writeAsk } from '../../../test/support/scripted-provider.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { compileRules } from './compiled-rules.ts'
import { judge } from './judge.ts'

async function setup() {
  const folder = await temporaryFolder()
  const cwd = join(folder, 'shop')
  const outside = join(folder, 'outside')
  await mkdir(join(cwd, 'src'), { recursive: true })
  await mkdir(outside)
  const decide = async ({
    mode = 'default',
    ...question
  }: Partial<PolicyQuestion> & Pick<PolicyQuestion, 'ask'> & { mode?: PermissionMode }) => {
    const context = {
      userId: UserId.parse('usr_1'),
      projectId: ProjectId.parse('prj_1'),
      sessionId: SessionId.parse('ses_1'),
      provider: ProviderId.parse('claude'),
      mode,
      cwd,
      trusted: false,
    }
    const { decision, explanation } = await judge(
      { context, riskLevel: 'low', ...question },
      { preset: 'careful', rules: compileRules([]), now: new Date(), dataDirectory: join(folder, 'data') },
    )
    return decision === 'ask' ? null : explanation
  }
  return { cwd, outside, decide }
}

test('nothing is allowed by itself', async () => {
  const { cwd, decide } = await setup()

  expect(await decide({ ask: commandAsk('make'), riskLevel: 'medium' })).toBeNull()
  expect(await decide({ ask: writeAsk(join(cwd, 'a.txt')) })).toBeNull()
  expect(await decide({ ask: commandAsk('make'), mode: 'acceptEdits' })).toBeNull()
})

test('accepting edits covers files inside, new ones too', async () => {
  const { cwd, decide } = await setup()

  expect(await decide({ ask: writeAsk(join(cwd, 'src', 'deep', 'new.ts')), mode: 'acceptEdits' })).toBe('Mode: accept edits')
})

test('accepting edits does not cover files outside, nor what leads there', async () => {
  const { cwd, outside, decide } = await setup()
  await writeFile(join(outside, 'target'), '')
  await symlink(join(outside, 'target'), join(cwd, 'file-link'))
  await symlink(outside, join(cwd, 'folder-link'))
  await symlink(join(outside, 'not-there-yet'), join(cwd, 'dangling-link'))

  for (const path of [
    join(outside, 'x'),
    `${cwd}/../x`,
    join(cwd, 'file-link'),
    join(cwd, 'folder-link', 'x'),
    join(cwd, 'dangling-link'),
  ]) {
    expect(await decide({ ask: writeAsk(path), mode: 'acceptEdits' })).toBeNull()
  }
})

test('accepting edits covers nothing that cannot be vouched for', async () => {
  const { cwd, decide } = await setup()
  await symlink(join(cwd, 'loop'), join(cwd, 'loop'))

  for (const ask of [writeAsk(join(cwd, 'loop')), writeAsk('relative.txt'), { ...writeAsk(join(cwd, 'a')), writes: [] }]) {
    expect(await decide({ ask, mode: 'acceptEdits' })).toBeNull()
  }
  expect(await decide({ ask: writeAsk(join(cwd, 'package.json')), mode: 'acceptEdits', riskLevel: 'medium' })).toBeNull()
})

test('a high risk, a question and a plan are asked whatever the mode', async () => {
  const { cwd, decide } = await setup()
  const edit = writeAsk(join(cwd, 'a.txt'))

  expect(await decide({ ask: edit, riskLevel: 'high', mode: 'acceptEdits' })).toBeNull()
  expect(await decide({ ask: { ...edit, approvalKind: 'question' }, mode: 'acceptEdits' })).toBeNull()
  expect(await decide({ ask: { ...edit, approvalKind: 'plan' }, mode: 'acceptEdits' })).toBeNull()
})

test('what provably only reads inside the project is let through, from the folder where the call runs', async () => {
  const { cwd, outside, decide } = await setup()
  await symlink(outside, join(cwd, 'src', 'link'))
  const routine = 'It only reads inside the project (preset "careful").'

  expect(await decide({ ask: commandAsk('ls src') })).toBe(routine)
  expect(await decide({ ask: commandAsk('cat src/link/x') })).toBeNull()
  // After `cd src` the same words lead elsewhere.
  expect(await decide({ ask: commandAsk('cat link/x') })).toBe(routine)
  expect(await decide({ ask: { ...commandAsk('cat link/x'), cwd: join(cwd, 'src') } })).toBeNull()
})
