import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startDemoModel } from './demo-model.ts'
import { createSampleProject } from './sample-project.ts'

export interface DemoOptions {
  /** The folder that everything of the demo is kept in; made where missing. */
  directory: string
  /** Pause between the streamed pieces of an answer; see `DemoModelOptions`. */
  paceMs?: number
}

export interface Demo {
  /** For the agent's process, over whatever else it gets. Empty values switch off what would lead to another endpoint. */
  environment: Record<string, string>
  /** The sample project, absolute. */
  projectPath: string
  /** The folder above the sample project. */
  workspacesRoot: string
  close(): Promise<void>
}

/** Starts the scripted model and writes the sample project. Nothing of it touches a person's own Claude configuration. */
export async function startDemo({ directory, paceMs }: DemoOptions): Promise<Demo> {
  const workspacesRoot = join(directory, 'projects')
  const configDirectory = join(directory, 'claude')
  await mkdir(configDirectory, { recursive: true, mode: 0o700 })
  const { path: projectPath } = await createSampleProject(workspacesRoot)
  const key = `demo-${randomBytes(24).toString('base64url')}`
  const model = await startDemoModel({ key, ...(paceMs === undefined ? {} : { paceMs }) })
  return { environment: demoEnvironment(model.url, key, configDirectory), projectPath, workspacesRoot, close: () => model.close() }
}

function demoEnvironment(url: string, key: string, configDirectory: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CONFIG_DIR: configDirectory,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // The to-do tool is off by default for the newest models, and the script has no model to look tools up with.
    CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
    CLAUDE_CODE_ENABLE_TASKS: '0',
    ENABLE_TOOL_SEARCH: 'false',
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    ANTHROPIC_AUTH_TOKEN: '',
    ANTHROPIC_CUSTOM_HEADERS: '',
    ANTHROPIC_MODEL: '',
    CLAUDE_CODE_OAUTH_TOKEN: '',
    CLAUDE_CODE_USE_BEDROCK: '',
    CLAUDE_CODE_USE_VERTEX: '',
    CLAUDE_CODE_USE_FOUNDRY: '',
  }
}
