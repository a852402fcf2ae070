import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { ApprovalRequest } from '#protocol/approvals'
import { findLookAlikes, hasHiddenCharacter } from '#protocol/hidden-characters'
import type { ApprovalAsk } from '../providers/provider.ts'
import { controlFault, isHighRisk } from './protected-paths.ts'
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
  const faults = writtenBy(ask, command).flatMap((path) => controlFault(path) ?? [])
  const severe = [...deceptions(ask), ...found.severe, ...outsideWrites(ask, cwd), ...faults.filter(isHighRisk)]
  const mild = [...found.mild, ...faults, ...(typeof ask.toolInput.url === 'string' ? ['uses the network'] : [])]
  if (severe.length > 0) return { level: 'high', reasons: [...new Set([...severe, ...mild])] }
  return { level: ask.approvalKind === 'edit' && mild.length === 0 ? 'low' : 'medium', reasons: [...new Set(mild)] }
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
