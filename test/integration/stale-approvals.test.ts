import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'

/*
 * A yes is given to what was shown: to the files, the folder and the program as they were then.
 */

const unsettled = Symbol('unsettled')
const settled = (verdict: Promise<unknown>) => Promise.race([verdict, new Promise((resolve) => setImmediate(() => resolve(unsettled)))])

test('a script that was swapped after it was shown is asked again as it is now', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  await writeFile(join(projectPath, 'deploy.sh'), 'echo harmless')
  const verdict = agent.ask(commandAsk('sh deploy.sh'))
  const shown = await nextRequest(socket)
  expect(shown.bound?.files.map(({ path }) => path)).toEqual([join(projectPath, 'deploy.sh')])

  await writeFile(join(projectPath, 'deploy.sh'), 'rm -rf /')
  const answer = await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } })

  expect(answer).toMatchObject({ status: 409, body: { code: 'STALE_VERSION', error: expect.stringContaining('"deploy.sh"') } })
  const again = await nextRequest(socket)
  expect(again.requestId).not.toBe(shown.requestId)
  expect(again.bound?.files[0]?.content).not.toBe(shown.bound?.files[0]?.content)
  expect(await socket.take('permission-resolved')).toMatchObject({
    requestId: shown.requestId,
    outcome: 'cancelled',
    by: { kind: 'system', name: 'changed since it was shown' },
  })
  expect(await settled(verdict)).toBe(unsettled)

  socket.send(answerTo(again, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed', input: { command: 'sh deploy.sh' } })
})

test('a script in the folder that a command goes to is bound, too', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  await mkdir(join(projectPath, 'tools'))
  await writeFile(join(projectPath, 'tools', 'deploy.sh'), 'echo harmless')
  const verdict = agent.ask(commandAsk('cd tools && sh deploy.sh'))
  const shown = await nextRequest(socket)
  expect(shown.bound?.files.map(({ path }) => path)).toEqual([join(projectPath, 'tools', 'deploy.sh')])

  await writeFile(join(projectPath, 'tools', 'deploy.sh'), 'rm -rf /')
  const answer = await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } })

  expect(answer).toMatchObject({ status: 409, body: { code: 'STALE_VERSION' } })
  socket.send(answerTo(await nextRequest(socket), false))
  expect((await verdict).outcome).toBe('denied')
})

test('an edit is refused as stale when the file changed between showing and allowing, and may be denied', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  const path = join(projectPath, 'README.md')
  const verdict = agent.ask(writeAsk(path))
  const shown = await nextRequest(socket)

  await writeFile(path, 'written by somebody else')

  expect(
    await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } }),
  ).toMatchObject({
    status: 409,
  })
  const again = await nextRequest(socket)
  expect(again.preview).toMatchObject({ oldText: 'written by somebody else' })
  await writeFile(path, 'and again')
  socket.send(answerTo(again, false))
  expect(await verdict).toMatchObject({ outcome: 'denied' })
})

test('a working directory that was replaced by a link is noticed', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  void agent.ask(commandAsk('make'))
  const shown = await nextRequest(socket)

  await rename(projectPath, `${projectPath}-moved`)
  await mkdir(`${projectPath}-other`)
  await symlink(`${projectPath}-other`, projectPath)

  const answer = await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'STALE_VERSION', error: expect.stringContaining('working directory') } })
})

test('a program of the project that was swapped is noticed', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  const tool = join(projectPath, 'tool')
  await writeFile(tool, '#!/bin/sh\n', { mode: 0o755 })
  void agent.ask(commandAsk('./tool'))
  const shown = await nextRequest(socket)
  expect(shown.bound?.programs).toMatchObject([{ name: './tool', path: tool }])

  await writeFile(`${tool}-new`, '#!/bin/sh\n', { mode: 0o755 })
  await rename(`${tool}-new`, tool)

  const answer = await device.request('POST', `/approvals/${shown.requestId}`, { body: { allow: true, inputHash: shown.inputHash } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'STALE_VERSION' } })
})

test('many answers to a stale request make one new request that the agent waits for', async () => {
  const { agent, socket, device, projectPath } = await inTurn()
  await writeFile(join(projectPath, 'deploy.sh'), 'one')
  const verdict = agent.ask(commandAsk('sh deploy.sh'))
  const shown = await nextRequest(socket)
  await writeFile(join(projectPath, 'deploy.sh'), 'two')

  const body = { allow: true, inputHash: shown.inputHash }
  const answers = await Promise.all(Array.from({ length: 10 }, () => device.request('POST', `/approvals/${shown.requestId}`, { body })))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]))
  const again = await nextRequest(socket)
  expect(await settled(verdict)).toBe(unsettled)
  socket.send(answerTo(again, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})
