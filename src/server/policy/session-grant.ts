import { isAbsolute, resolve } from 'node:path'
import * as z from 'zod/mini'
import { ApprovalSuggestion } from '#protocol/approvals'
import { AgentMode } from '#protocol/providers'
import { canonicalJson } from '../platform/canonical-json.ts'
import type { ApprovalAsk } from '../providers/provider.ts'

/*
 * What a person may grant for the rest of a session: exact commands, exact files, one tool or one site. Matching is
 * equality of whole values, never a prefix or a pattern.
 */

export const SessionGrant = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), toolName: z.string(), command: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('site'), toolName: z.string(), origin: z.string() }),
  z.object({ kind: z.literal('tool'), toolName: z.string() }),
  z.object({ kind: z.literal('mode'), mode: AgentMode }),
])
export type SessionGrant = z.infer<typeof SessionGrant>

/** A grant that the card offers, with the words that it is offered in. */
export const OfferedGrant = z.object({ suggestion: ApprovalSuggestion, grant: SessionGrant })
export type OfferedGrant = z.infer<typeof OfferedGrant>

/** The grants that fit a call, the narrowest first; none for a call that is asked anew each time. */
export function offerGrants(ask: ApprovalAsk, cwd: string, riskLevel: 'low' | 'medium' | 'high'): OfferedGrant[] {
  if (ask.approvalKind === 'question') return []
  if (ask.approvalKind === 'plan') return [acceptEdits('Approve and accept edits', cwd)]
  if (riskLevel === 'high') return []
  const grant = narrowestGrant(ask, cwd)
  if (!grant) return []
  const rule = describeGrant(grant)
  const suggestion = { id: 'narrowest', label: LABELS[grant.kind], rule, sentence: `Allows "${rule}".`, lifetimes: ['session' as const] }
  const narrowest = { suggestion, grant }
  return ask.approvalKind === 'edit' ? [narrowest, acceptEdits('Accept all edits in this project', cwd)] : [narrowest]
}

/** The rule in words, literally: shown before it is granted and written to the audit log when it decides. */
export function describeGrant(grant: SessionGrant): string {
  switch (grant.kind) {
    case 'command':
      return `${grant.toolName}: ${grant.command}`
    case 'file':
      return `Edit: ${grant.path}`
    case 'site':
      return `${grant.toolName}: ${grant.origin}`
    case 'tool':
      return `${grant.toolName}: every call`
    case 'mode':
      return `Mode: ${grant.mode}`
  }
}

/** Whether an earlier grant covers a call, down to the last character. */
export function grantCovers(grant: SessionGrant, ask: ApprovalAsk, cwd: string): boolean {
  const wanted = narrowestGrant(ask, cwd)
  return wanted !== null && canonicalJson(wanted) === canonicalJson(grant)
}

const LABELS: Record<SessionGrant['kind'], string> = {
  command: 'Allow this exact command for the session',
  file: 'Allow edits to this file for the session',
  site: 'Allow this site for the session',
  tool: 'Allow this tool for the session',
  mode: 'Change the mode',
}

function acceptEdits(label: string, cwd: string): OfferedGrant {
  return {
    suggestion: {
      id: 'mode:acceptEdits',
      label,
      rule: `Edit: every file under ${cwd}`,
      sentence: `Allows every ordinary edit of a file under ${cwd}, as long as the session stays in this mode.`,
      lifetimes: ['session'],
    },
    grant: { kind: 'mode', mode: 'acceptEdits' },
  }
}

function narrowestGrant(ask: ApprovalAsk, cwd: string): SessionGrant | null {
  const { toolName, toolInput } = ask
  if (ask.approvalKind === 'command') return commandGrant(toolName, toolInput)
  if (ask.approvalKind === 'edit') return fileGrant(ask, cwd)
  if (typeof toolInput.url === 'string') return siteGrant(toolName, toolInput.url)
  return toolName.startsWith('mcp__') ? { kind: 'tool', toolName } : null
}

/** What changes how a command runs makes it another command, so such calls are asked each time. */
const COMMAND_FIELDS = new Set(['command', 'description', 'timeout'])

function commandGrant(toolName: string, toolInput: Record<string, unknown>): SessionGrant | null {
  const isPlain = Object.keys(toolInput).every((field) => COMMAND_FIELDS.has(field))
  return isPlain && typeof toolInput.command === 'string' ? { kind: 'command', toolName, command: toolInput.command } : null
}

function fileGrant(ask: ApprovalAsk, cwd: string): SessionGrant | null {
  const [path, ...others] = ask.writes
  if (path === undefined || others.length > 0) return null
  return { kind: 'file', path: isAbsolute(path) ? path : resolve(cwd, path) }
}

function siteGrant(toolName: string, url: string): SessionGrant | null {
  return URL.canParse(url) && /^https?:/.test(url) ? { kind: 'site', toolName, origin: new URL(url).origin } : null
}
