import { mkdir, rename, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newClientId } from '../support/session-steps.ts'
import { restart, startWorkplace, type Workplace } from '../support/workplace.ts'

/** What starting a session in the project answers. */
async function start({ device, project }: Workplace) {
  const socket = await device.connect()
  const clientId = newClientId()
  socket.send({ type: 'session-start', clientId, provider: 'claude', projectId: project.id, prompt: 'Hello' })
  return socket.take('error', (error) => error.clientId === clientId)
}

test('a folder that was replaced by a link is not opened to an agent', async () => {
  const workplace = await startWorkplace()
  const outside = join(workplace.folder, 'outside')
  await mkdir(outside)
  await rename(workplace.projectPath, `${workplace.projectPath}-before`)

  await symlink(outside, workplace.projectPath)
  expect(await start(workplace)).toMatchObject({ code: 'PATH_OUTSIDE_PROJECT' })
  expect(workplace.provider.opened).toEqual([])
})

test('a folder that was replaced by a link to another one under the roots is not taken for it', async () => {
  const workplace = await startWorkplace()
  await rename(workplace.projectPath, `${workplace.projectPath}-before`)
  await symlink(`${workplace.projectPath}-before`, workplace.projectPath)

  expect(await start(workplace)).toMatchObject({ code: 'PROJECT_UNAVAILABLE' })
})

test('a project from before is not opened where the roots of workspaces do not hold it any more', async () => {
  const first = await startWorkplace()
  const elsewhere = join(first.folder, 'elsewhere')
  await mkdir(elsewhere)

  const second = await restart(first, { environment: { WORKSPACES_ROOT: elsewhere } })

  expect(await start(second)).toMatchObject({ code: 'PATH_OUTSIDE_PROJECT' })
})

test('what exists outside the roots is not told from what does not', async () => {
  const { device, folder, workspacesRoot } = await startWorkplace()
  await mkdir(join(folder, 'secret'))
  await symlink(folder, join(workspacesRoot, 'way-out'))

  for (const path of [
    `${workspacesRoot}/../secret`,
    `${workspacesRoot}/../missing`,
    join(workspacesRoot, 'way-out', 'secret'),
    join(workspacesRoot, 'way-out', 'missing'),
  ]) {
    expect((await device.request('GET', `/folders?path=${encodeURIComponent(path)}`)).status).toBe(403)
    expect((await device.request('POST', '/projects', { body: { path } })).status).toBe(403)
  }
})
