import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { ApprovalRequest } from '#protocol/approvals'
import type { ApprovalAsk } from '../providers/provider.ts'

type Risk = ApprovalRequest['risk']

/*
 * Says what is dangerous about a call, for the person who decides. It looks at text and can be fooled, so it only ever
 * adds warnings: nothing is allowed because of what it says.
 */

const DANGEROUS_COMMANDS: [RegExp, string][] = [
  [/\brm\s+(-\w*\s+)*-\w*[rf]/, 'deletes files without asking'],
  [/\b(sudo|doas|su)\b/, 'runs with more rights'],
  [/\bgit\s+push\b.*(--force|-f\b|\+\w)/, 'overwrites history on a server'],
  [/\bgit\s+(reset\s+--hard|clean\s+-\w*[fd]|checkout\s+--?\s)/, 'throws away local changes'],
  [/\b(npm|pnpm|yarn|cargo|gem|twine)\s+publish\b/, 'publishes a package'],
  [/\b(curl|wget)\b[^|;]*\|\s*(sudo\s+)?(ba|z|da)?sh\b/, 'runs a script from the network'],
  [/\b(mkfs|dd|shred|fdisk)\b/, 'can destroy a disk'],
  [/\bchmod\s+(-R\s+)?[0-7]*7{2}\b|\bchown\s+-R\b/, 'changes rights of files'],
  [/(\.ssh|\.aws|\.gnupg|\.netrc|id_rsa|id_ed25519|credentials)\b/, 'touches secrets'],
  [/\bkill(all)?\b|\bpkill\b/, 'ends processes'],
]
const NETWORK_COMMAND = /\b(curl|wget|ssh|scp|rsync|nc|ncat|git\s+(push|pull|fetch|clone)|npm\s+(install|i|ci)|pip\s+install)\b/
const UNCLEAR_COMMAND = /\$\(|`|\beval\b|\bbase64\b.*-d|\bxargs\b/
/** Files that change what agents, shells or git do next. */
const CONTROL_FILES =
  /(^|\/)(\.git|\.claude|\.codex|\.cursor|\.vscode|\.idea|\.husky|\.github)\/|(^|\/)(\.mcp\.json|\.envrc|\.bashrc|\.zshrc|\.profile|package\.json|Makefile)$/

/** How dangerous a call looks, with a reason in words for each finding. */
export function assessRisk(ask: ApprovalAsk, cwd: string): Risk {
  if (ask.approvalKind === 'question' || ask.approvalKind === 'plan') return { level: 'low', reasons: [] }
  const severe = [...hiddenCharacters(ask), ...(ask.approvalKind === 'command' ? dangerousCommand(ask) : []), ...outsideWrites(ask, cwd)]
  if (severe.length > 0) return { level: 'high', reasons: severe }
  const reasons = mildReasons(ask)
  return { level: ask.approvalKind === 'edit' && reasons.length === 0 ? 'low' : 'medium', reasons }
}

function mildReasons(ask: ApprovalAsk): string[] {
  const command = commandOf(ask)
  const reasons: string[] = []
  if (NETWORK_COMMAND.test(command)) reasons.push('uses the network')
  if (UNCLEAR_COMMAND.test(command)) reasons.push('builds part of the command while it runs')
  if (ask.writes.some((path) => CONTROL_FILES.test(path))) reasons.push('changes a file that other tools obey')
  if (typeof ask.toolInput.url === 'string') reasons.push('uses the network')
  return reasons
}

function commandOf(ask: ApprovalAsk): string {
  return ask.approvalKind === 'command' && typeof ask.toolInput.command === 'string' ? ask.toolInput.command : ''
}

function dangerousCommand(ask: ApprovalAsk): string[] {
  const command = commandOf(ask)
  return DANGEROUS_COMMANDS.filter(([pattern]) => pattern.test(command)).map(([, reason]) => reason)
}

function outsideWrites(ask: ApprovalAsk, cwd: string): string[] {
  const outside = ask.writes.find((path) => {
    const fromRoot = relative(cwd, resolve(cwd, path))
    return fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)
  })
  return outside === undefined ? [] : ['writes outside the project']
}

/** Bidirectional overrides, zero-width and control characters can make text look like something else. */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

function hiddenCharacters(ask: ApprovalAsk): string[] {
  const text = [commandOf(ask), ...ask.writes].join('')
  return HIDDEN.test(text) ? ['contains hidden characters'] : []
}
