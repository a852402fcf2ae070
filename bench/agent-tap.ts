import { spawn } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import * as z from 'zod/mini'
import { now } from './child.ts'

/*
 * Stands between the SDK and the agent's program and notes in a file when a question for a permission went out to the
 * SDK and when its answer came back. So the product can be measured without a hook in it.
 *   node agent-tap.ts <program> <log file> <parameters…>
 */

/*
 * The product is asked by a hook first. Once it is released by the hook's answer, the agent asks for the permission as
 * well, and its own time between the two is not ours.
 */
const HOOK = Buffer.from('"hook_callback"')
const ASK = Buffer.from('"can_use_tool"')
const RELEASE = Buffer.from('"hookSpecificOutput"')
const ANSWER = Buffer.from('"behavior"')

export const Tapped = z.object({ kind: z.enum(['asked', 'released', 'asked-again', 'answered']), at: z.number() })
export type Tapped = z.infer<typeof Tapped>

function relay(from: Readable, to: Writable, note: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    note(chunk)
    if (to.write(chunk)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.once('end', () => to.end())
}

function tap(program: string, log: number, parameters: string[]): void {
  const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'inherit'] })
  let isHooked = false
  const note = (kind: Tapped['kind']) => writeSync(log, `${JSON.stringify({ kind, at: now() })}\n`)
  relay(process.stdin, child.stdin, (chunk) => {
    if (chunk.includes(RELEASE)) note('released')
    if (chunk.includes(ANSWER)) note('answered')
  })
  relay(child.stdout, process.stdout, (chunk) => {
    const isHook = chunk.includes(HOOK)
    isHooked ||= isHook
    if (isHook || (!isHooked && chunk.includes(ASK))) note('asked')
    else if (chunk.includes(ASK)) note('asked-again')
  })
  child.once('exit', (code) => process.exit(code ?? 1))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
}

if (import.meta.main) {
  const [program = '', log = '', ...parameters] = process.argv.slice(2)
  tap(program, openSync(log, 'a'), parameters)
}
