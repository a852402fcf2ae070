import * as z from 'zod/mini'
import { resolve } from 'node:path'
import type { EventOf } from '#protocol/session-events'
import type { OpenTool } from './conversation.ts'

/** The longest output and difference that go into the log, in characters; the middle of longer ones is left out. */
const MAX_OUTPUT = 64 * 1024

const Hunk = z.object({
  oldStart: z.number(),
  oldLines: z.number(),
  newStart: z.number(),
  newLines: z.number(),
  lines: z.array(z.string()),
})
const FileChange = z.object({
  type: z.optional(z.string()),
  filePath: z.string(),
  content: z.optional(z.string()),
  structuredPatch: z.array(Hunk),
})
const CommandOutput = z.object({
  stdout: z.string(),
  stderr: z.string(),
  interrupted: z.optional(z.boolean()),
  backgroundTaskId: z.optional(z.string()),
})
const FileContent = z.object({ file: z.object({ content: z.string() }) })
const AgentReport = z.object({
  status: z.string(),
  content: z.optional(z.array(z.object({ type: z.string(), text: z.optional(z.string()) }))),
})
const ResultParts = z.array(z.object({ type: z.string(), text: z.optional(z.string()) }))
const EditInput = z.object({ old_string: z.optional(z.string()), new_string: z.optional(z.string()), content: z.optional(z.string()) })

export type ToolChange = Pick<EventOf<'tool.diff'>, 'path' | 'change' | 'oldText' | 'newText' | 'unified'>

/** What a tool call gave back, as its result says it. */
export interface ToolReport {
  text: string
  isTruncated: boolean
  change: ToolChange | null
  exitCode: number | undefined
}

/**
 * Reads a tool call's result: for a person the output of a command, the text of a file, the report of a sub-agent; for
 * an edit the difference. Pure.
 * @param payload the structured result; sub-agents' calls have none
 * @param content what the model was given
 */
export function reportOf(tool: OpenTool, payload: unknown, content: unknown, context: { cwd: string; isError: boolean }): ToolReport {
  const change = context.isError ? null : changeOf(tool, payload, context.cwd)
  const text = change ? '' : outputOf(tool, payload, content)
  return { ...clipped(text), change, exitCode: exitCodeOf(tool, payload, text, context.isError) }
}

function outputOf(tool: OpenTool, payload: unknown, content: unknown): string {
  const command = CommandOutput.safeParse(payload)
  if (command.success) return commandText(command.data, content)
  const file = tool.kind === 'read' ? FileContent.safeParse(payload) : null
  if (file?.success) return file.data.file.content
  const report = tool.kind === 'subagent' ? AgentReport.safeParse(payload) : null
  if (report?.success) return agentText(report.data)
  return plainText(content)
}

function commandText(output: z.infer<typeof CommandOutput>, content: unknown): string {
  if (output.backgroundTaskId !== undefined) return plainText(content)
  return [output.stdout, output.stderr].filter((part) => part !== '').join('\n')
}

function agentText(report: z.infer<typeof AgentReport>): string {
  if (report.status === 'async_launched') return 'Started; it works in the background and reports when it is done.'
  const texts = (report.content ?? []).map((part) => part.text ?? '')
  return texts.filter((text) => !text.startsWith('<tools-used-before-summary>')).join('\n')
}

/** The text of a result as the model gets it, without the tags that are meant for the model. */
function plainText(content: unknown): string {
  if (typeof content === 'string') return content.replaceAll(/<\/?tool_use_error>/g, '').replace(/^PreToolUse:\w+ hook error: /, '')
  const parts = ResultParts.safeParse(content)
  if (!parts.success) return ''
  return parts.data.map((part) => part.text ?? `[${part.type}]`).join('\n')
}

function exitCodeOf(tool: OpenTool, payload: unknown, text: string, isError: boolean): number | undefined {
  if (tool.kind !== 'execute') return undefined
  if (isError) {
    const code = /^Exit code (\d+)/.exec(text)?.[1]
    return code === undefined ? undefined : Number(code)
  }
  const command = CommandOutput.safeParse(payload)
  return command.success && command.data.backgroundTaskId === undefined && command.data.interrupted !== true ? 0 : undefined
}

function changeOf(tool: OpenTool, payload: unknown, cwd: string): ToolChange | null {
  if (tool.kind !== 'edit') return null
  const change = FileChange.safeParse(payload)
  if (change.success) {
    const isNew = change.data.type === 'create'
    const unified = isNew ? addedText(change.data.content ?? '') : change.data.structuredPatch.map(hunkText).join('\n')
    return { path: resolve(cwd, change.data.filePath), change: isNew ? 'add' : 'update', unified: clipped(unified).text }
  }
  return changeFromInput(tool, cwd)
}

/** Where the result has no difference (sub-agents'), the input says what was replaced by what. */
function changeFromInput(tool: OpenTool, cwd: string): ToolChange | null {
  const input = EditInput.safeParse(tool.input)
  const path = tool.input.file_path
  if (!input.success || typeof path !== 'string') return null
  const newText = input.data.new_string ?? input.data.content
  if (newText === undefined) return null
  const oldText = input.data.old_string
  return {
    path: resolve(cwd, path),
    change: 'update',
    oldText: oldText === undefined ? undefined : clipped(oldText).text,
    newText: clipped(newText).text,
  }
}

function hunkText(hunk: z.infer<typeof Hunk>): string {
  const head = `@@ -${String(hunk.oldStart)},${String(hunk.oldLines)} +${String(hunk.newStart)},${String(hunk.newLines)} @@`
  return [head, ...hunk.lines].join('\n')
}

function addedText(content: string): string {
  if (content === '') return ''
  const lines = content.endsWith('\n') ? content.slice(0, -1).split('\n') : [...content.split('\n')]
  const added = lines.map((line) => `+${line}`)
  if (!content.endsWith('\n')) added.push('\\ No newline at end of file')
  return [`@@ -0,0 +1,${String(lines.length)} @@`, ...added].join('\n')
}

function clipped(text: string): { text: string; isTruncated: boolean } {
  if (text.length <= MAX_OUTPUT) return { text, isTruncated: false }
  const half = MAX_OUTPUT / 2
  return {
    text: `${text.slice(0, half)}\n… ${String(text.length - MAX_OUTPUT)} characters left out …\n${text.slice(-half)}`,
    isTruncated: true,
  }
}
