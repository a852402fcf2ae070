import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TOOL_MS = 3000
const MAX_OUTPUT = 1024 * 1024

/** What a program of the system prints; null where there is none, or it may not tell. Found in the system's own folders alone. */
export async function runTool(name: string, args: readonly string[]): Promise<string | null> {
  try {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
    const { stdout } = await run(name, [...args], { env, timeout: TOOL_MS, maxBuffer: MAX_OUTPUT })
    return stdout
  } catch {
    // Missing, not allowed or too slow: all the same to whoever asks.
    return null
  }
}
