import { AGENT_MARK } from '../../platform/marked-processes.ts'

/** More tries than this look like a hang: the tenth alone waits for minutes. */
const MOST_RETRIES = 10
const DEFAULT_RETRIES = 5

/** Left over where the server itself was started by Claude Code; they would make our agents part of that session. */
const OF_ANOTHER_SESSION = ['CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SSE_PORT', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_CHILD_SESSION']

/**
 * The whole environment of an agent's process.
 * @param allowed what the configuration lets through
 * @param mark unique to this process
 */
export function claudeEnvironment(allowed: Record<string, string>, maxRetries: number | undefined, mark: string): Record<string, string> {
  const environment: Record<string, string> = {
    // A todo list that people can follow, also with models for which it is off. A person's own setting wins.
    CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
    CLAUDE_CODE_ENABLE_TASKS: '0',
    ...allowed,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
    CLAUDE_CODE_MAX_RETRIES: String(retriesOf(allowed.CLAUDE_CODE_MAX_RETRIES, maxRetries)),
    [AGENT_MARK]: mark,
  }
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OF_ANOTHER_SESSION.includes(name)))
}

function retriesOf(asked: string | undefined, configured: number | undefined): number {
  const wanted = configured ?? (asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : DEFAULT_RETRIES)
  return Math.min(wanted, MOST_RETRIES)
}
