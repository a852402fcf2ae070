import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { pageOf } from '#protocol/lists'
import { FolderListing, Project } from '#protocol/projects'
import { PASSWORD, signIn } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { insertUser } from '../support/test-database.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

async function setup() {
  const server = await startTestApp()
  await insertUser(server.database, { username: 'ada', password: PASSWORD })
  const device = await signIn(server.url)
  const add = (path: string, name?: string) =>
    device.request('POST', '/projects', { body: { path, ...(name === undefined ? {} : { name }) } })
  const list = async () => pageOf(Project).parse((await device.request('GET', '/projects')).body).items
  return { ...server, device, add, list }
}

test('a folder is added by its real path, announced, listed and not added twice', async () => {
  const { add, list, device, projectPath, workspacesRoot } = await setup()
  await symlink(projectPath, join(workspacesRoot, 'link'))
  const socket = await device.connect()

  const added = await add(join(workspacesRoot, 'link'), 'The shop')

  expect(added).toMatchObject({ status: 201, body: { name: 'The shop', path: projectPath, available: true, trusted: false } })
  const { id } = Project.parse(added.body)
  expect((await socket.take('projects-updated')).project?.id).toBe(id)
  expect(await add(projectPath)).toMatchObject({ status: 409, body: { code: 'CONFLICT', details: { projectId: id } } })
  expect((await list()).map((project) => project.id)).toEqual([id])
})

test('what is not under a root of workspaces is refused, also through a link, and what is no folder too', async () => {
  const { add, folder, workspacesRoot, projectPath } = await setup()
  await mkdir(join(folder, 'elsewhere'))
  await mkdir(`${workspacesRoot}-beside`)
  await symlink(join(folder, 'elsewhere'), join(workspacesRoot, 'way-out'))

  for (const path of [
    join(folder, 'elsewhere'),
    `${workspacesRoot}-beside`,
    join(workspacesRoot, 'way-out'),
    `${workspacesRoot}/../elsewhere`,
    '/',
    '/etc',
  ]) {
    expect(await add(path)).toMatchObject({ status: 403, body: { code: 'PATH_OUTSIDE_PROJECT' } })
  }
  for (const path of [join(projectPath, 'README.md'), join(workspacesRoot, 'missing'), 'relative', `${projectPath}\0`, '']) {
    expect(await add(path)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  }
})

test("the product's own data is no project, even where it lies under a root", async () => {
  const first = await startTestApp()
  await first.close()
  const { database, url, folder } = await startTestApp({ of: first, environment: { WORKSPACES_ROOT: first.folder } })
  await insertUser(database, { username: 'ada', password: PASSWORD })
  const device = await signIn(url)
  const add = (path: string) => device.request('POST', '/projects', { body: { path } })
  await mkdir(join(folder, 'data', 'keys'), { recursive: true })

  for (const path of ['data', 'data/keys']) expect((await add(join(folder, path))).status).toBe(403)
})

test('a project is renamed, trusted and taken off the list; its files and sessions stay, its trust does not', async () => {
  const workplace = await startWorkplace()
  const { device, project, database, projectPath } = workplace
  const { agent } = await startSession(workplace)
  await agent.answer('hello')
  const change = async (body: object) => (await device.request('PATCH', `/projects/${project.id}`, { body })).body

  expect(await change({ name: '  Corner shop ' })).toMatchObject({ name: 'Corner shop' })
  expect(await change({ trusted: true })).toMatchObject({ trusted: true })
  expect((await device.request('DELETE', `/projects/${project.id}`)).status).toBe(204)
  expect((await device.request('GET', `/projects/${project.id}`)).status).toBe(404)
  const again = await device.addProject(projectPath)

  expect(again).toMatchObject({ id: project.id, trusted: false })
  const sessions = await device.request('GET', `/projects/${project.id}/sessions`)
  expect(z.object({ items: z.array(z.unknown()) }).parse(sessions.body).items).toHaveLength(1)
  const actions = await database.selectFrom('audit_log').select('action').where('subject', '=', project.id).orderBy('at').execute()
  expect(actions.map(({ action }) => action)).toEqual([
    'project.added',
    'project.renamed',
    'project.trusted',
    'project.removed',
    'project.added',
  ])
})

test('an agent learns whether its folder is trusted', async () => {
  const workplace = await startWorkplace()
  await workplace.device.request('PATCH', `/projects/${workplace.project.id}`, { body: { trusted: true } })

  const { agent } = await startSession(workplace)

  expect(agent.options.trusted).toBe(true)
})

test('a folder that is gone is shown as such, and comes back with it', async () => {
  const { device, project, projectPath } = await startWorkplace()
  const isAvailable = async () => Project.parse((await device.request('GET', `/projects/${project.id}`)).body).available

  await rename(projectPath, `${projectPath}-moved`)
  expect(await isAvailable()).toBe(false)
  await rename(`${projectPath}-moved`, projectPath)

  expect(await isAvailable()).toBe(true)
})

test('the folder picker shows folders under the roots, level by level, and nothing above', async () => {
  const { device, workspacesRoot, projectPath, folder } = await setup()
  await mkdir(join(projectPath, '.git'))
  await mkdir(join(projectPath, 'src'))
  await mkdir(join(projectPath, 'node_modules'))
  await writeFile(join(workspacesRoot, 'file.txt'), '')
  const look = (path?: string) => device.request('GET', `/folders${path === undefined ? '' : `?path=${encodeURIComponent(path)}`}`)

  expect(FolderListing.parse((await look()).body)).toMatchObject({ path: null, parent: null, folders: [{ path: workspacesRoot }] })
  expect(FolderListing.parse((await look(workspacesRoot)).body)).toEqual({
    path: workspacesRoot,
    parent: null,
    folders: [{ name: 'shop', path: projectPath, isGitRepository: true }],
    truncated: false,
  })
  expect((await look(projectPath)).body).toMatchObject({ parent: workspacesRoot, folders: [{ name: 'src' }] })
  expect((await look(folder)).status).toBe(403)
  expect((await look(`${workspacesRoot}/..`)).status).toBe(403)
})

test('projects are listed page by page', async () => {
  const { add, device, workspacesRoot } = await setup()
  for (const name of ['c', 'a', 'b']) {
    await mkdir(join(workspacesRoot, name))
    await add(join(workspacesRoot, name))
  }
  const Page = pageOf(Project)

  const first = Page.parse((await device.request('GET', '/projects?limit=2')).body)
  const second = Page.parse((await device.request('GET', `/projects?limit=2&cursor=${first.nextCursor ?? ''}`)).body)

  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(second.nextCursor).toBeNull()
  expect((await device.request('GET', '/projects?limit=0')).status).toBe(400)
})
