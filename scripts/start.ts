import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run-command.ts'
import { build, isBuilt } from './build.ts'

// `npm start`: sets up what is missing, then becomes the command, with the same arguments.
if (!(await isBuilt())) {
  console.log('Building AI Code UI; this happens once after each change.')
  await build()
}
const command = join(ROOT, 'bin', 'ai-code-ui.js')
process.argv[1] = command
await import(pathToFileURL(command).href)
