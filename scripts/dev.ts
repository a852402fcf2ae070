import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { ROOT } from './run-command.ts'

// `npm run dev`: the server from its sources, restarted when they change, and the web pages built again when they change.
const COMMANDS = [
  ['vite', 'build', '--watch', '--minify', 'false', '--logLevel', 'warn'],
  ['node', '--watch', '--watch-preserve-output', 'src/server/main.ts', ...process.argv.slice(2)],
]

const children = COMMANDS.map(([name = '', ...parameters]): ChildProcess => spawn(name, parameters, { cwd: ROOT, stdio: 'inherit' }))

function stopAll(): void {
  for (const child of children) child.kill('SIGTERM')
}

for (const child of children) child.on('exit', stopAll)
process.on('SIGINT', stopAll)
process.on('SIGTERM', stopAll)
