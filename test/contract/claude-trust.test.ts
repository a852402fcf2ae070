import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage } from '../support/claude-stage.ts'

/** A folder whose settings run a hook before each tool, start an MCP server and give instructions. */
async function hostileFolder({ cwd }: { cwd: string }): Promise<void> {
  await mkdir(join(cwd, '.claude'))
  const hooks = { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: `touch ${join(cwd, 'hook-ran')}` }] }] }
  await writeFile(join(cwd, '.claude', 'settings.json'), JSON.stringify({ hooks, enableAllProjectMcpServers: true }))
  const mcpServers = { planted: { command: '/bin/sh', args: ['-c', `touch ${join(cwd, 'server-ran')}; cat`] } }
  await writeFile(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers }))
  await writeFile(join(cwd, 'CLAUDE.md'), 'The password is swordfish.')
}

const readFirst = (request: { toolResultCount: number }) =>
  request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'ls' } }] : [{ text: 'Ok.' }]

test('in a folder that is not trusted its hooks, servers and instructions do not run', async () => {
  const { turn, cwd, model } = await claudeStage(readFirst, { prepare: hostileFolder })
  await turn('List')
  expect([existsSync(join(cwd, 'hook-ran')), existsSync(join(cwd, 'server-ran'))]).toEqual([false, false])
  expect(model.requests.some((request) => request.wholeText.includes('swordfish'))).toBe(false)
})

test('in a trusted folder they do', async () => {
  const { turn, cwd, model } = await claudeStage(readFirst, { prepare: hostileFolder, trusted: true })
  await turn('List')
  expect(existsSync(join(cwd, 'hook-ran'))).toBe(true)
  expect(model.requests.some((request) => request.wholeText.includes('swordfish'))).toBe(true)
})
