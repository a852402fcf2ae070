import * as z from 'zod/mini'
import { isAbsolute, relative, resolve } from 'node:path'
import type { ApprovalAsk } from '../provider.ts'
import type { ToolKind } from '#protocol/session-events'

type Input = Record<string, unknown>

interface CatalogueEntry {
  kind: ToolKind
  /** Names of the input's fields of which the first that is there makes the title. */
  titleFrom?: string[]
  /** A title where no field says more. */
  title?: string
  /** The field that names the file it works on. */
  path?: string
  /** It looks, or touches nothing outside the conversation; a sub-agent's calls are asked for one by one. */
  onlyReads?: true
}

const CATALOGUE: Record<string, CatalogueEntry> = {
  Bash: { kind: 'execute', titleFrom: ['command'] },
  BashOutput: { kind: 'execute', title: 'Output of a background command', onlyReads: true },
  KillShell: { kind: 'execute', title: 'Stop a background command', onlyReads: true },
  PowerShell: { kind: 'execute', titleFrom: ['command'] },
  TaskOutput: { kind: 'execute', title: 'Output of a background task', onlyReads: true },
  TaskStop: { kind: 'execute', title: 'Stop a background task', onlyReads: true },
  ListAgents: { kind: 'other', onlyReads: true },
  CronList: { kind: 'other', onlyReads: true },
  Monitor: { kind: 'execute', titleFrom: ['command', 'description'] },
  Edit: { kind: 'edit', path: 'file_path' },
  MultiEdit: { kind: 'edit', path: 'file_path' },
  Write: { kind: 'edit', path: 'file_path' },
  NotebookEdit: { kind: 'edit', path: 'notebook_path' },
  Read: { kind: 'read', path: 'file_path', onlyReads: true },
  Grep: { kind: 'search', titleFrom: ['pattern'], onlyReads: true },
  Glob: { kind: 'search', titleFrom: ['pattern'], onlyReads: true },
  LS: { kind: 'search', path: 'path', onlyReads: true },
  ToolSearch: { kind: 'search', titleFrom: ['query'], onlyReads: true },
  WebFetch: { kind: 'fetch', titleFrom: ['url'] },
  WebSearch: { kind: 'fetch', titleFrom: ['query'] },
  Task: { kind: 'subagent', titleFrom: ['description'], onlyReads: true },
  Agent: { kind: 'subagent', titleFrom: ['description'], onlyReads: true },
  AskUserQuestion: { kind: 'question', title: 'A question for you' },
  ExitPlanMode: { kind: 'plan', title: 'A plan to approve' },
  EnterPlanMode: { kind: 'plan', title: 'Start planning', onlyReads: true },
  TodoWrite: { kind: 'todo', title: 'Update the todo list', onlyReads: true },
  TaskCreate: { kind: 'todo', titleFrom: ['subject'], onlyReads: true },
  TaskUpdate: { kind: 'todo', title: 'Update the todo list', onlyReads: true },
  TaskList: { kind: 'todo', title: 'Read the todo list', onlyReads: true },
  TaskGet: { kind: 'todo', title: 'Read the todo list', onlyReads: true },
  Skill: { kind: 'other', titleFrom: ['skill', 'command'] },
}

const MCP_NAME = /^mcp__(.+?)__(.+)$/
const TITLE_LENGTH = 200

export function toolKindOf(name: string): ToolKind {
  if (name.startsWith('mcp__')) return 'mcp'
  return CATALOGUE[name]?.kind ?? 'other'
}

/** One line for a person: the command, the path, the question. */
export function toolTitle(name: string, input: Input, cwd: string): string {
  if (MCP_NAME.test(name)) return name.replace(MCP_NAME, '$1: $2')
  const path = pathOf(name, input, cwd)
  if (path !== null) return oneLine(withoutFolder(path, cwd))
  const said = name === 'AskUserQuestion' ? firstQuestion(input) : firstText(input, CATALOGUE[name]?.titleFrom ?? [])
  return said === undefined ? (CATALOGUE[name]?.title ?? name) : oneLine(said)
}

/** The files a call speaks of, as absolute paths. */
export function toolLocations(name: string, input: Input, cwd: string): string[] {
  const path = pathOf(name, input, cwd)
  return path === null ? [] : [path]
}

/** The files that an editing tool writes, as absolute paths. */
export function writesOf(name: string, input: Input, cwd: string): string[] {
  return toolKindOf(name) === 'edit' ? toolLocations(name, input, cwd) : []
}

/** The files and folders that a looking tool reads, as absolute paths. */
export function readsOf(name: string, input: Input, cwd: string): string[] {
  const kind = toolKindOf(name)
  if (kind === 'read') return toolLocations(name, input, cwd)
  if (kind !== 'search' || name === 'ToolSearch') return []
  const folder = typeof input.path === 'string' && input.path !== '' ? resolve(cwd, input.path) : cwd
  return [
    folder,
    ...[input.pattern, input.glob].filter((glob) => typeof glob === 'string').flatMap((glob) => globStart(name, folder, glob)),
  ]
}

/** Where a pattern of file names leads to, as far as it is literal: it may climb out of the folder. */
function globStart(name: string, folder: string, pattern: string): string[] {
  const climbs = isAbsolute(pattern) || pattern.includes('..')
  return name === 'Glob' && climbs ? [resolve(folder, pattern.split(/[*?[{]/, 1)[0] ?? ''), resolve(folder, ...climbOf(pattern))] : []
}

function climbOf(pattern: string): string[] {
  return pattern.split('/').filter((segment) => segment === '..')
}

/** A sub-agent with more than these may begin outside the project. */
const SUB_AGENT_FIELDS = new Set(['description', 'prompt', 'subagent_type', 'model', 'run_in_background', 'name', 'resume'])

/** Whether a tool by its nature only looks, or touches nothing outside the conversation. */
export function onlyReadsOf(name: string, input: Input): boolean {
  if (CATALOGUE[name]?.onlyReads !== true) return false
  return toolKindOf(name) !== 'subagent' || Object.keys(input).every((field) => SUB_AGENT_FIELDS.has(field))
}

export function approvalKindOf(name: string): ApprovalAsk['approvalKind'] {
  const kind = toolKindOf(name)
  if (kind === 'execute') return CATALOGUE[name]?.onlyReads === true ? 'tool' : 'command'
  if (kind === 'edit' || kind === 'question') return kind
  return name === 'ExitPlanMode' ? 'plan' : 'tool'
}

function pathOf(name: string, input: Input, cwd: string): string | null {
  const field = CATALOGUE[name]?.path
  const value = field === undefined ? undefined : input[field]
  return typeof value === 'string' && value !== '' ? resolve(cwd, value) : null
}

function withoutFolder(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside
}

function firstText(input: Input, fields: string[]): string | undefined {
  return fields.map((field) => input[field]).find((value): value is string => typeof value === 'string' && value.trim() !== '')
}

const Questions = z.object({ questions: z.array(z.object({ question: z.string() })) })

function firstQuestion(input: Input): string | undefined {
  const parsed = Questions.safeParse(input)
  return parsed.success ? parsed.data.questions[0]?.question : undefined
}

function oneLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1)}…` : line
}
