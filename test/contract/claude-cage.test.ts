import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage, SERVER_SECRET } from '../support/claude-stage.ts'

/*
 * What an agent tries that was talked into it: every command is allowed here, so that nothing but the cage stands between
 * the agent and the server. This process plays the server.
 */
const SERVER = String(process.pid)
const ATTACKS: { name: string; command: (data: string) => string }[] = [
  { name: 'reads the key', command: (data) => `cat ${data}/database.key` },
  {
    name: 'reads the key by another way to it',
    command: (data) => `cat /proc/self/root${data}/database.key /proc/1/root${data}/database.key`,
  },
  { name: 'takes the cover off', command: (data) => `umount ${data}; umount -l ${data}; cat ${data}/database.key` },
  {
    name: 'takes the cover off in namespaces of its own',
    command: (data) => `unshare --user --map-root-user --mount sh -c 'umount ${data}; cat ${data}/database.key'`,
  },
  { name: 'enters the namespaces of the server', command: (data) => `nsenter --target ${SERVER} --mount cat ${data}/database.key` },
  { name: 'mounts the disk once more', command: (data) => `mount --bind / /mnt && cat /mnt${data}/database.key` },
  { name: 'copies the whole folder', command: (data) => `cp -r ${data} copy; cat copy/*; tar -cf - ${data} | cat` },
  { name: "reads the server's environment", command: () => `cat /proc/${SERVER}/environ | tr '\\0' '\\n'` },
  { name: "reads the server's memory", command: () => `head -c 4096 /proc/${SERVER}/mem | wc -c; ls /proc/${SERVER}/fd` },
  { name: 'reads every environment that it can see', command: () => `cat /proc/[0-9]*/environ | tr '\\0' '\\n'` },
]

test.each(ATTACKS)('an agent that $name gets nowhere', async ({ command }) => {
  process.env.SECRET_OF_SERVER = SERVER_SECRET
  const output = await outputOf(command)
  expect(output).not.toContain(SERVER_SECRET)
})

test.each(['kill -USR1', 'kill -TERM', 'kill -STOP'])('an agent cannot send the server a signal: %s', async (signal) => {
  const heard: string[] = []
  const listen = (name: string) => heard.push(name)
  process.on('SIGUSR1', listen).on('SIGTERM', listen)
  const output = await outputOf(() => `${signal} ${SERVER} && echo sent`)
  process.off('SIGUSR1', listen).off('SIGTERM', listen)
  expect(heard).toEqual([])
  expect(output).not.toContain('sent')
})

test('an agent does its work in the cage as outside', async () => {
  const output = await outputOf(() => 'echo one > file && cat file && git --version && node --version && test -w /dev/null && echo "$HOME"')
  expect(output).toMatch(/^one\ngit version .*\nv\d+.*\n\/.+$/)
})

/** What the command says that the real agent is made to run. */
async function outputOf(command: (data: string) => string): Promise<string> {
  const { host, turn, data, cwd } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'sh ./attack' } }] : [{ text: 'Done.' }],
  )
  host.decideBy = (approval) => approval.allow()
  await mkdir(join(data, 'sub'))
  await writeFile(join(cwd, 'attack'), `{ ${command(data)}\n} > said 2>&1; true\n`)
  expect(await turn('Go')).toMatchObject({ outcome: 'completed' })
  expect(host.of('tool.ended')).toMatchObject([{ status: 'ok' }])
  return (await readFile(join(cwd, 'said'), 'utf8')).trim()
}
