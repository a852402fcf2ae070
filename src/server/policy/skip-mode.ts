import { isAbsolute, resolve } from 'node:path'
import { hasHiddenCharacter } from '#protocol/hidden-characters'
import { isWithin } from '../platform/safe-path.ts'
import type { CallFacts } from './call-facts.ts'
import { controlFault } from './protected-paths.ts'

const MAX_WORDS = 500
/** Fields in which tools are given something to run. */
const RUNNING_FIELDS = ['command', 'cmd', 'script', 'code']

/**
 * What lets a call pass in a session that skips approvals, in words; null where a person is asked all the same: for what
 * is hidden, protected, secret or the product's own, and for what is written outside the project.
 */
export function skipsApproval(facts: CallFacts): string | null {
  const { mode, modeUntil } = facts.context
  if (mode !== 'bypassPermissions' || facts.paths.some(isTouchy) || namesSomethingProtected(facts)) return null
  if (facts.hasHidden || hasHiddenCharacter(JSON.stringify(facts.ask.toolInput)) || runsUnread(facts.ask)) return null
  return modeUntil ? `Mode: skip approvals until ${modeUntil.slice(0, 16).replace('T', ' ')} UTC` : 'Mode: skip approvals'
}

/** What another tool than a shell is to run is not read, so nobody can say how dangerous it is. */
function runsUnread({ approvalKind, toolInput }: CallFacts['ask']): boolean {
  return approvalKind === 'tool' && RUNNING_FIELDS.some((field) => toolInput[field] !== undefined)
}

function isTouchy({ access, fault, real, isInside }: CallFacts['paths'][number]): boolean {
  return fault !== null || real === null || (access === 'write' && !isInside)
}

/** Of a command line that nobody can read for sure, every run of characters that could be a path is looked at. */
function namesSomethingProtected({ command, ask, context }: CallFacts): boolean {
  if (command?.understood.kind !== 'unknown') return false
  const words = command.text.match(/[^\s'"`;|&<>(){}$\\=,]+/g) ?? []
  if (words.length > MAX_WORDS) return true
  return words.some((word) => {
    const path = isAbsolute(word) ? word : resolve(ask.cwd ?? context.cwd, word)
    return controlFault(word) !== null || isWithin(context.dataDirectory, path)
  })
}
