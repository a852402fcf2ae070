import type { SessionEvent, ToolStatus } from '#protocol/session-events'
import type { Conversation } from './conversation.ts'
import type { ToolResultMeta, UserMessage } from './native-messages.ts'
import type * as z from 'zod/mini'
import { reportOf } from './tool-output.ts'
import { wholeText } from './translate-blocks.ts'
import { todoEvents } from './translate-plan.ts'
import { endTool, toolHead } from './translate-tools.ts'

const COMMAND_OUTPUT = /^<local-command-std(?:out|err)>([\s\S]*)<\/local-command-std(?:out|err)>$/

/** What the agent adds in the user's name: results of tool calls, the output of its own commands, and markers that say nothing new. */
export function translateUser(conversation: Conversation, message: UserMessage): SessionEvent[] {
  const { content } = message.message
  if (typeof content === 'string') return commandOutput(conversation, message, content)
  return content.flatMap((part) =>
    part.type === 'tool_result' && part.tool_use_id !== undefined
      ? translateToolResult(conversation, message, { nativeId: part.tool_use_id, content: part.content, isError: part.is_error === true })
      : [],
  )
}

function commandOutput(conversation: Conversation, message: UserMessage, content: string): SessionEvent[] {
  const output = COMMAND_OUTPUT.exec(content)?.[1]?.trim()
  // Outside a command's turn it is the echo of a setting that we made ourselves.
  if (!output || conversation.turn?.isCommand !== true || message.uuid === undefined) return []
  return wholeText(conversation, output, message.uuid)
}

interface ToolResult {
  nativeId: string
  content: unknown
  isError: boolean
}

function translateToolResult(conversation: Conversation, message: UserMessage, result: ToolResult): SessionEvent[] {
  const tool = conversation.openTools.get(result.nativeId)
  if (!tool) return []
  const meta = message.tool_result_meta?.find((each) => each.id === result.nativeId)
  const status = statusOf(conversation, result, meta)
  const report = reportOf(tool, message.tool_use_result, result.content, { cwd: conversation.cwd, isError: status !== 'ok' })
  const decidedBy = conversation.declined.has(result.nativeId) ? undefined : deciderOf(meta)
  const events: SessionEvent[] = []
  if (report.text !== '') {
    events.push({ ...toolHead(tool), kind: 'tool.output', mode: 'replace', text: report.text, truncated: report.isTruncated })
  }
  if (report.change) events.push({ ...toolHead(tool), kind: 'tool.diff', ...report.change })
  if (status === 'ok') events.push(...todoEvents(conversation, tool, message.tool_use_result))
  return [...events, ...endTool(conversation, result.nativeId, { status, exitCode: report.exitCode, decidedBy })]
}

function statusOf(conversation: Conversation, result: ToolResult, meta: z.infer<typeof ToolResultMeta> | undefined): ToolStatus {
  if (conversation.declined.has(result.nativeId) || meta?.permission_decision?.decision === 'reject') return 'declined'
  if (meta?.non_execution_kind === 'user-rejected') return 'cancelled'
  return result.isError ? 'error' : 'ok'
}

/** Who let the call through or not, where it was not a person through our approvals. */
function deciderOf(meta: z.infer<typeof ToolResultMeta> | undefined): string | undefined {
  const source = meta?.permission_decision?.source
  return source === undefined || source.startsWith('user_') ? undefined : source
}
