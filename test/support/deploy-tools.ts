import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { TestContext } from 'vitest'
import { type DeployTool, deployToolEnvironment, findDeployTool } from '../../scripts/deploy-tools.ts'
import { ROOT } from '../../scripts/run-command.ts'
import type { OnEnd } from './temporary-folder.ts'

/** The folder of what is shipped for deployment. */
export const DEPLOY = `${ROOT}/deploy`

/** The path of a tool. Without it the test is skipped, but for CI, where it fails: what is shipped must have been tried. */
export function needTool(tool: DeployTool, skip: TestContext['skip']): string {
  const path = findDeployTool(tool)
  if (path !== undefined) return path
  const sentence = `There is no ${tool}. npm test fetches it with apt where it can; elsewhere install your system's package.`
  if (process.env.CI) throw new Error(sentence)
  return skip(sentence)
}

export interface Run {
  exitCode: number | null
  output: string
}

/** Runs a tool to its end; both streams in one text. */
export async function runTool(command: string, args: readonly string[], input = ''): Promise<Run> {
  const child = spawn(command, args, { env: { ...process.env, ...deployToolEnvironment() }, stdio: ['pipe', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stdin.end(input)
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { exitCode: await closed, output: output.join('') }
}

/** Starts a tool that serves until the end of the test. @param home where it may keep what it likes */
export function startTool(
  command: string,
  args: readonly string[],
  { onEnd, home }: { onEnd: OnEnd; home: string },
): { output: () => string } {
  const env = { ...process.env, ...deployToolEnvironment(), HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home }
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  onEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  })
  return { output: () => output.join('') }
}

/** A port of this machine that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server.close()
  await once(server, 'close')
  return port
}
