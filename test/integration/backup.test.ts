import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chown, mkdir, open, readdir, readFile, rename, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { callApi, register, signIn } from '../support/api-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'

/*
 * `backup FILE` beside a running server, and `restore FILE` on what could be another machine.
 */

const BUBBLEWRAP = 'bwrap'
const hasBubblewrap = await new Promise<boolean>((resolve) => {
  execFile(BUBBLEWRAP, ['--dev-bind', '/', '/', '--size', '65536', '--tmpfs', '/tmp', 'true'], (error) => {
    resolve(error === null)
  })
})
const PASSPHRASE = 'many words that nobody guesses'

async function setup() {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const file = join(await temporaryFolder(), 'copy.age')
  const backup = (...words: string[]) => runServerToItsEnd({ folder: server.folder, arguments: ['backup', file, ...words] })
  return { server, device, file, backup }
}

/** Restores into the data folder of a machine of its own, which it names. */
async function restoreElsewhere(file: string, words: string[] = [], folder?: string) {
  const place = folder ?? (await temporaryFolder())
  const result = await runServerToItsEnd({ folder: place, arguments: ['restore', file, ...words] })
  return { ...result, data: join(place, 'data') }
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const filesIn = (path: string) =>
  readdir(path, { recursive: true }).then(
    (names) => names.sort(),
    () => [],
  )

test('a backup of a running server comes back elsewhere: same accounts, whole log, every login ended', async () => {
  const { server, device, file, backup } = await setup()
  // Of one that was killed.
  await mkdir(join(server.dataDirectory, 'backups'), { mode: 0o700 })
  await writeFile(join(server.dataDirectory, 'backups', '.backup-4194304.db'), '', { mode: 0o600 })

  const made = await backup()
  expect(made.output).toContain(`It opens with ${file}.key alone`)
  expect(made.code).toBe(0)
  expect(await Promise.all([file, `${file}.key`].map(modeOf))).toEqual(['600', '600'])
  const bytes = await readFile(file)
  const key = await readFile(join(server.dataDirectory, 'keys', 'database.key'), 'utf8')
  for (const plain of ['ada', 'SQLite format', 'manifest', key.trim()]) expect(bytes.includes(plain)).toBe(false)
  // Nothing of the work stays, and the server goes on.
  expect(await readdir(join(server.dataDirectory, 'backups'))).toEqual([])
  expect((await device.request('GET', '/auth/user')).status).toBe(200)

  const restored = await restoreElsewhere(file)
  expect(restored.output).toMatch(/all \d+ entries of the audit log verify\./)
  expect(restored.output).toContain('(1 logins were ended)')
  expect(restored.code).toBe(0)
  for (const name of await filesIn(restored.data)) {
    const path = join(restored.data, name)
    expect(await modeOf(path), name).toBe((await stat(path)).isDirectory() ? '700' : '600')
  }

  const second = await startTestServer({ folder: join(restored.data, '..') })
  expect(second.setupCode).toBeNull()
  const former = { authorization: `Bearer ${device.token}` }
  expect((await fetch(`${second.url}/api/auth/user`, { headers: former })).status).toBe(401)
  const again = await signIn(second.url)
  expect((await again.request('GET', '/auth/user')).body).toMatchObject({ username: 'ada', role: 'owner' })
  expect((await runServerToItsEnd({ folder: second.folder, arguments: ['audit', 'verify'] })).code).toBe(0)
  const { body } = await again.request('GET', '/audit?action=backup.restored')
  expect(body).toMatchObject({ items: [{ actor: 'command line', details: { logins: 1 } }] })
})

test('a passphrase comes from a file and opens the backup alone; another does not', async () => {
  const { file, backup } = await setup()
  const folder = await temporaryFolder()
  const [right, wrong, short] = [join(folder, 'right'), join(folder, 'wrong'), join(folder, 'short')]
  await writeFile(right, `${PASSPHRASE}\n`)
  await writeFile(wrong, 'many words that nobody knows\n')
  await writeFile(short, 'few words\n')

  expect(await backup('--passphrase-file', short)).toMatchObject({ code: 1, output: expect.stringContaining('12 characters or more') })
  expect((await backup('--passphrase-file', right)).code).toBe(0)
  expect(await filesIn(join(file, '..'))).toEqual(['copy.age'])

  const refused = await restoreElsewhere(file, ['--passphrase-file', wrong])
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('the passphrase is another') })
  expect(await filesIn(refused.data)).toEqual([])
  expect((await restoreElsewhere(file, ['--passphrase-file', right])).code).toBe(0)
})

test('a backup that was cut off, changed or is none is refused, and leaves nothing behind', async () => {
  const { file, backup } = await setup()
  await backup()
  const whole = await readFile(file)
  const expectRefused = async () => {
    const { code, output, data } = await restoreElsewhere(file)
    expect(output).toMatch(/cannot be restored: .*Nothing was changed/)
    expect(code).toBe(1)
    expect(await filesIn(data)).toEqual([])
  }

  await truncate(file, whole.length - 70_000)
  await expectRefused()
  await writeFile(file, whole)
  await truncate(file, whole.length - 1)
  await expectRefused()
  await writeFile(file, whole)
  const handle = await open(file, 'r+')
  await handle.write(Buffer.from([(whole[whole.length >> 1] ?? 0) ^ 1]), 0, 1, whole.length >> 1)
  await handle.close()
  await expectRefused()
  await writeFile(file, whole)
  await appendFile(file, 'more')
  await expectRefused()
  await writeFile(file, 'something else')
  await expectRefused()
})

test('neither a backup nor a data folder is ever overwritten', async () => {
  const { server, file, backup } = await setup()
  await backup()
  const before = await readFile(file)

  expect(await backup()).toMatchObject({ code: 1, output: expect.stringContaining('exists') })
  expect((await readFile(file)).equals(before)).toBe(true)
  const inside = ['backup', join(server.dataDirectory, 'copy')]
  expect(await runServerToItsEnd({ folder: server.folder, arguments: inside })).toMatchObject({
    code: 1,
    output: expect.stringContaining('lies in the data folder'),
  })
  const here = await restoreElsewhere(file, [], server.folder)
  expect(here).toMatchObject({ code: 1, output: expect.stringContaining('is not empty') })
  expect((await callApi(server.url, 'GET', '/ready')).status).toBe(200)
})

test('a restore that was killed leaves nothing that a server would start on, and can be done again', async () => {
  const { file, backup } = await setup()
  await backup()
  const folder = await temporaryFolder()
  const data = join(folder, 'data')
  const main = join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts')
  const child = execFile(process.execPath, [main, 'restore', file], { env: { PATH: process.env.PATH, HOME: folder, DATA_DIR: data } })
  const closed = once(child, 'close')
  for (let wait = 0; wait < 5000 && (await filesIn(join(data, '.restore-incomplete'))).length === 0; wait += 1) await delay(2)
  child.kill('SIGKILL')
  await closed
  expect(await readdir(data)).toContain('.restore-incomplete')

  expect(await runServerToItsEnd({ folder })).toMatchObject({ code: 78, output: expect.stringContaining('was not finished') })
  expect(await restoreElsewhere(file, [], folder)).toMatchObject({ code: 0, output: expect.stringContaining('Restored to') })
  expect(await readdir(data)).not.toContain('.restore-incomplete')
})

test('a place that cannot be written to is told, and nothing of the work stays', async () => {
  const { server, backup, file } = await setup()
  await mkdir(`${file}.partial`)
  await writeFile(join(`${file}.partial`, 'in-the-way'), '')

  const { code, output } = await backup()

  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringMatching(/cannot be written .*Nothing was left behind/) })
  expect(await filesIn(join(file, '..'))).toEqual(['copy.age.partial', 'copy.age.partial/in-the-way'])
  expect(await readdir(join(server.dataDirectory, 'backups'))).toEqual([])
})

/** Runs a command where `folder` is a disk of 64 KiB; answers with what is on it afterwards. */
function onSmallDisk(folder: string, environment: Record<string, string>, words: string[]): Promise<string> {
  const command = `"$0" ${join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts')} ${words.join(' ')} 2>&1; echo "code $?"; ls -A ${folder}`
  const cage = ['--dev-bind', '/', '/', '--size', '65536', '--tmpfs', folder, 'sh', '-c', command, process.execPath]
  return new Promise((resolve) => {
    execFile(BUBBLEWRAP, cage, { env: { PATH: process.env.PATH, ...environment } }, (_, stdout, stderr) => {
      resolve(`${stdout}${stderr}`)
    })
  })
}

test.runIf(hasBubblewrap)('a full disk is told, and nothing stays on it', async () => {
  const { server, backup, file } = await setup()
  const small = await temporaryFolder()
  const home = { HOME: server.folder, DATA_DIR: server.dataDirectory }

  const told = await onSmallDisk(small, home, ['backup', join(small, 'copy.age')])
  expect(told).toMatch(/There is no room for .*copy\.age\. Nothing was left behind.*\ncode 1\n$/)
  expect(await readdir(join(server.dataDirectory, 'backups'))).toEqual([])

  expect((await backup()).code).toBe(0)
  const restored = await onSmallDisk(small, { ...home, DATA_DIR: small }, ['restore', file])
  expect(restored).toMatch(/There is no room in .*\ncode 1\n$/)
})

test('whatever the data folder holds comes back, by whatever name; a link to a folder is not walked through', async () => {
  const { server, file, backup } = await setup()
  const odd = ['audit/notes of the auditor (2).txt', 'config.json~', 'keys/ключ.old', `keys/${'k'.repeat(180)}`]
  for (const name of odd) await writeFile(join(server.dataDirectory, name), name, { mode: 0o600 })
  const elsewhere = await temporaryFolder()
  await writeFile(join(elsewhere, 'private'), 'not ours')
  await symlink(elsewhere, join(server.dataDirectory, 'elsewhere'))
  await symlink('.', join(server.dataDirectory, 'keys', 'loop'))
  await symlink(join(elsewhere, 'private'), join(server.dataDirectory, 'key-by-link'))

  expect(await backup()).toMatchObject({ code: 0, output: expect.stringContaining('elsewhere') })

  const restored = await restoreElsewhere(file)
  expect(restored.output).toContain('Restored to')
  for (const name of odd) expect(await readFile(join(restored.data, name), 'utf8')).toBe(name)
  expect(await readFile(join(restored.data, 'key-by-link'), 'utf8')).toBe('not ours')
  const names = await filesIn(restored.data)
  expect(names.filter((name) => /loop|^elsewhere/.test(name))).toEqual([])
})

test('a data folder that a link leads to takes no backup either', async () => {
  const { server } = await setup()
  const way = join(await temporaryFolder(), 'way')
  await symlink(server.dataDirectory, way)
  for (const [dataDirectory, target] of [
    [way, join(server.dataDirectory, 'copy.age')],
    [server.dataDirectory, join(way, 'copy.age')],
  ] as const) {
    const environment = { DATA_DIR: dataDirectory }
    expect(await runServerToItsEnd({ folder: server.folder, arguments: ['backup', target], environment })).toMatchObject({
      code: 1,
      output: expect.stringContaining('lies in the data folder'),
    })
  }
})

test.runIf(process.getuid?.() === 0)('a key that somebody else has put there makes no backup', async () => {
  const { backup, file } = await setup()
  await backup()
  await rename(file, `${file}.first`)
  await chown(`${file}.key`, 4242, 4242)

  expect(await backup()).toMatchObject({ code: 1, output: expect.stringMatching(/belongs to user 4242/) })

  expect(await filesIn(join(file, '..'))).toEqual(['copy.age.first', 'copy.age.key'])
})
