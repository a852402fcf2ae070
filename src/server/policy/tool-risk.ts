import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { ApprovalRequest } from '#protocol/approvals'
import { findLookAlikes, hasHiddenCharacter } from '#protocol/hidden-characters'
import type { ApprovalAsk } from '../providers/provider.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import { belowFolder, controlFault, isHighRisk } from './protected-paths.ts'
import { commandFindings } from './shell/command-risk.ts'
import { possibleCommands } from './shell/possible-commands.ts'
import { namedPaths } from './shell/possible-paths.ts'
import { understandCommandLine } from './shell/simple-commands.ts'

type Risk = ApprovalRequest['risk']

/*
 * Says what is dangerous about a call, for the person who decides: from the parse where a command line can be read, from
 * its text where not. It can be fooled, so it only ever adds warnings: nothing is allowed because of what it says.
 */

/** How dangerous a call looks, with a reason in words for each finding. */
export function assessRisk(ask: ApprovalAsk, cwd: string): Risk {
  if (ask.approvalKind === 'question' || ask.approvalKind === 'plan') return { level: 'low', reasons: [] }
  const command = commandOf(ask)
  const found = command === '' ? { severe: [], mild: [] } : commandFindings(command)
  const faults = writtenBy(ask, command).flatMap((path) => controlFault(belowFolder(path, cwd)) ?? [])
  const severe = [...deceptions(ask), ...found.severe, ...outsideWrites(ask, cwd), ...faults.filter(isHighRisk)]
  const mild = [...found.mild, ...faults, ...(typeof ask.toolInput.url === 'string' ? ['uses the network'] : [])]
  if (severe.length > 0) return { level: 'high', reasons: [...new Set([...severe, ...mild])] }
  return { level: ask.approvalKind === 'edit' && mild.length === 0 ? 'low' : 'medium', reasons: [...new Set(mild)] }
}

const MAX_PATHS = 100

/** The same with links followed: what is written may be something else than its name says. */
export async function assessRealRisk(ask: ApprovalAsk, cwd: string): Promise<Risk> {
  const risk = assessRisk(ask, cwd)
  const paths = writtenBy(ask, commandOf(ask)).slice(0, MAX_PATHS)
  const [root, ...real] = await Promise.all(
    [cwd, ...paths.map((path) => (isAbsolute(path) ? path : `${ask.cwd ?? cwd}/${path}`))].map((path) =>
      resolveThroughLinks(path).catch(() => null),
    ),
  )
  const faults = real.flatMap((path) => (path === null ? [] : (controlFault(belowFolder(path, root ?? null)) ?? [])))
  const isOutside = ask.approvalKind === 'edit' && real.some((path) => path === null || !root || !isWithin(root, path))
  const severe = [...faults.filter(isHighRisk), ...(isOutside ? ['writes outside the project'] : [])]
  if (faults.length === 0 && severe.length === 0) return risk
  const reasons = [...new Set([...severe, ...risk.reasons, ...faults])]
  return { level: severe.length > 0 ? 'high' : risk.level === 'low' ? 'medium' : risk.level, reasons }
}

/** What a call writes: of a command that cannot be read for sure, at least what it sends its output to. */
function writtenBy({ writes }: ApprovalAsk, command: string): readonly string[] {
  if (command === '') return writes
  const understood = understandCommandLine(command)
  if (understood.kind === 'unknown') return [...writes, ...possibleCommands(command).writes]
  const named = understood.commands.map(({ words }) => namedPaths(words))
  return [...writes, ...named.flatMap(({ access, paths }) => (access === 'write' ? paths : []))]
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
