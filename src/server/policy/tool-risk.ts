import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { ApprovalRequest } from '#protocol/approvals'
import { findLookAlikes, hasHiddenCharacter } from '#protocol/hidden-characters'
import type { ApprovalAsk } from '../providers/provider.ts'
import { commandFindings } from './shell/command-risk.ts'

type Risk = ApprovalRequest['risk']

/*
 * Says what is dangerous about a call, for the person who decides: from the parse where a command line can be read, from
 * its text where not. It can be fooled, so it only ever adds warnings: nothing is allowed because of what it says.
 */

/** Files that change what agents, shells or git do next. */
const CONTROL_FILES =
  /(^|\/)(\.git|\.claude|\.codex|\.cursor|\.vscode|\.idea|\.husky|\.github)\/|(^|\/)(\.mcp\.json|\.envrc|\.bashrc|\.zshrc|\.profile|package\.json|Makefile)$/

/** How dangerous a call looks, with a reason in words for each finding. */
export function assessRisk(ask: ApprovalAsk, cwd: string): Risk {
  if (ask.approvalKind === 'question' || ask.approvalKind === 'plan') return { level: 'low', reasons: [] }
  const command = commandOf(ask)
  const found = command === '' ? { severe: [], mild: [] } : commandFindings(command)
  const severe = [...deceptions(ask), ...found.severe, ...outsideWrites(ask, cwd)]
  const mild = [...found.mild, ...mildReasons(ask)]
  if (severe.length > 0) return { level: 'high', reasons: [...new Set([...severe, ...mild])] }
  return { level: ask.approvalKind === 'edit' && mild.length === 0 ? 'low' : 'medium', reasons: [...new Set(mild)] }
}

function mildReasons(ask: ApprovalAsk): string[] {
  const reasons: string[] = []
  if (ask.writes.some((path) => CONTROL_FILES.test(path))) reasons.push('changes a file that other tools obey')
  if (typeof ask.toolInput.url === 'string') reasons.push('uses the network')
  return reasons
}

function commandOf(ask: ApprovalAsk): string {
  return ask.approvalKind === 'command' && typeof ask.toolInput.command === 'string' ? ask.toolInput.command : ''
}

function outsideWrites(ask: ApprovalAsk, cwd: string): string[] {
  const outside = ask.writes.find((path) => {
    const fromRoot = relative(cwd, resolve(cwd, path))
    return fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)
  })
  return outside === undefined ? [] : ['writes outside the project']
}

/** Characters that nobody sees, and letters that are not what they seem. */
function deceptions(ask: ApprovalAsk): string[] {
  const { url } = ask.toolInput
  const text = [commandOf(ask), ...ask.writes, typeof url === 'string' ? url : ''].join(' ')
  const hidden = hasHiddenCharacter(text) ? ['contains hidden characters'] : []
  return findLookAlikes(text).count > 0 ? [...hidden, 'contains letters that look like others'] : hidden
}
