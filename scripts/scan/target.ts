import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ensureBuilt } from '../build.ts'
import { ROOT } from '../run-command.ts'
import type { Target } from './scanner.ts'

const SETUP_CODE = 'SCAN-SCAN-SCAN-2468'
const Registered = z.object({ token: z.string() })

/** Starts the built product in a temporary folder, with an owner. `end` stops it and removes what it wrote. */
export async function startTarget(): Promise<Target & { end: () => Promise<void> }> {
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'scan-'))
  const home = join(folder, 'home')
  await mkdir(join(home, 'work'), { recursive: true })
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'ai-code-ui.js'), 'start', '--port', '0'], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      WORKSPACES_ROOT: join(home, 'work'),
      LOG_LEVEL: 'error',
      SETUP_CODE,
      ACCESS_TOKEN_TTL: '3600',
      // Scanners are to meet the routes, not the limits in front of them.
      RATE_LIMITS: 'reading=1000000,writing=1000000,costly=1000000,sign-in=100000,anonymous=1000000',
    },
  })
  const url = await addressOf(child)
  const end = async () => {
    const exited = once(child, 'exit')
    child.kill()
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  const body = JSON.stringify({ username: 'scanner', password: 'correct horse battery staple', setupCode: SETUP_CODE })
  const registered = await fetch(`${url}/api/auth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { token } = Registered.parse(await registered.json())
  const openapi: unknown = await (await fetch(`${url}/api/openapi.json`)).json()
  return { url, host: new URL(url).host, token, openapi, folder, end }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk)
    const url = / is ready: (http:\/\/\S+)\n/.exec(output)?.[1]
    if (url !== undefined) {
      child.stdout?.resume()
      return url
    }
  }
  throw new Error(`The product ended before it was ready:\n${output}`)
}
