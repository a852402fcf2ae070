import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBenchFile, stopChildren } from './child.ts'

/** What all measurements share: a temporary folder, a project in it, and the scripted model with the environment that leads to it. */
export interface Workbench {
  directory: string
  /** The folder that agents work in. */
  project: string
  /** For agents, whether they are started by the product or by the bare SDK. */
  agentEnvironment: Record<string, string>
  /** Ends every process that was started on the way and removes the folder. */
  close(): Promise<void>
}

export async function openWorkbench(): Promise<Workbench> {
  const directory = await mkdtemp(join(tmpdir(), 'ai-code-ui-bench-'))
  const project = join(directory, 'work', 'project')
  await mkdir(project, { recursive: true })
  const key = `bench-${randomBytes(16).toString('hex')}`
  const model = runBenchFile('scripted-model.ts', key)
  const url = await model.nextLine()
  return {
    directory,
    project,
    agentEnvironment: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CONFIG_DIR: join(directory, 'claude'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
    },
    async close() {
      await stopChildren()
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** The little of our own environment that programs need to run at all. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME }
}
