import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './run-command.ts'

// `npm run dev`: the pages built again when they change, and the server from its sources, restarted when those or the pages change.
const WATCHED = ['src/server', 'src/protocol', 'dist/web']
const COMMANDS = [
  ['vite', 'build', '--watch', '--minify', 'false', '--logLevel', 'warn'],
  ['node', ...WATCHED.map((path) => `--watch-path=${path}`), '--watch-preserve-output', 'src/server/main.ts', ...process.argv.slice(2)],
]

await mkdir(join(ROOT, 'dist/web'), { recursive: true })
const children = COMMANDS.map(([name = '', ...parameters]): ChildProcess => spawn(name, parameters, { cwd: ROOT, stdio: 'inherit' }))

function stopAll(): void {
  for (const child of children) child.kill('SIGTERM')
}

for (const child of children) child.on('exit', stopAll)
process.on('SIGINT', stopAll)
process.on('SIGTERM', stopAll)
