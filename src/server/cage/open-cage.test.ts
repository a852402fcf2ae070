import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { CageUnavailableError, openCage } from './open-cage.ts'

const run = promisify(execFile)
const LIMITS = { processes: 16_384, memory: null }

async function place() {
  const folder = await temporaryFolder()
  const [data, code, project] = ['data', 'code', 'project'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [data, code, project]) await mkdir(path)
  await writeFile(join(data, 'database.key'), 'secret')
  await writeFile(join(code, 'server.js'), 'code')
  await writeFile(join(project, '.env'), 'JWT_SECRET=secret')
  const contents = {
    hiddenFolder: data,
    hiddenFiles: [join(project, '.env'), join(data, 'database.db')],
    readOnly: [code, join(folder, 'absent')],
  }
  const cage = await openCage({ wanted: 'required', contents, limits: LIMITS, agentUser: null })
  const sh = async (script: string) => {
    const { command, args } = cage.wrap({ command: '/bin/sh', args: ['-c', `${script}; true`] })
    const { stdout, stderr } = await run(command, args, { cwd: project, env: { PATH: process.env.PATH, SERVER: String(process.pid) } })
    return stdout + stderr
  }
  return { cage, data, code, project, sh }
}

test('the data folder and other files with secrets are empty, also by other ways to them', async () => {
  const { cage, data, project, sh } = await place()
  expect(cage.isolation).toBe('cage')
  expect(await sh(`ls -A ${data}; cat .env 2>/dev/null`)).toBe('')
  for (const way of [`cat ${data}/database.key`, `umount ${data}; cat ${data}/database.key`, `cat /proc/1/root${data}/database.key`])
    expect(await sh(way)).not.toContain('secret')
  expect(
    await sh(`unshare --user --map-root-user --mount sh -c 'umount ${data}; umount -l ${data}; cat ${data}/database.key'`),
  ).not.toContain('secret')
  expect(await sh(`touch ${data}/planted`)).toMatch(/read-only/i)
  expect(await readFile(join(project, '.env'), 'utf8')).toContain('secret')
})

test('the server is not among the processes, and cannot be signalled or looked into', async () => {
  const { sh } = await place()
  expect(await sh('cat /proc/$SERVER/environ /proc/$SERVER/maps | wc -c')).toMatch(/0\n$|No such file/)
  expect(await sh('kill -USR1 $SERVER')).not.toBe('')
  expect(await sh('for p in /proc/[0-9]*; do cat $p/cmdline; done')).not.toContain('vitest')
})

test('what the server runs from cannot be changed, and the project can', async () => {
  const { code, project, sh } = await place()
  expect(await sh(`echo evil > ${code}/server.js; mv ${code} ${code}2; rm ${code}/server.js`)).toMatch(/read-only|busy/i)
  expect(await readFile(join(code, 'server.js'), 'utf8')).toBe('code')
  expect(await sh('echo fine > made')).toBe('')
  expect(await readFile(join(project, 'made'), 'utf8')).toBe('fine\n')
})

test('no core file is written and open files are limited', async () => {
  const { sh } = await place()
  const [core, files] = (await sh('ulimit -c; ulimit -n')).split('\n')
  expect(core).toBe('0')
  expect(Number(files)).toBeLessThanOrEqual(65_536)
})

test('where nothing holds, it says so, and nothing is started where it is required', async () => {
  const contents = { hiddenFolder: await temporaryFolder(), hiddenFiles: [], readOnly: [] }
  const off = await openCage({ wanted: 'off', contents, limits: LIMITS, agentUser: null })
  expect(off).toMatchObject({ isolation: 'none', explanation: expect.stringContaining('AGENT_ISOLATION=off') })
  const unknown = { contents, limits: LIMITS, agentUser: 'nobody-of-that-name' }
  expect(await openCage({ wanted: 'auto', ...unknown })).toMatchObject({ isolation: 'none' })
  await expect(openCage({ wanted: 'required', ...unknown })).rejects.toThrow(CageUnavailableError)
})
