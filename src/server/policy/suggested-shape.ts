import type { CallFacts } from './call-facts.ts'
import { knownOptions } from './shell/read-only-programs.ts'
import { whyTooBroad } from './shell/risky-programs.ts'

/** Verbs of git of which every harmless form may be allowed at once: those that look, take up or fetch. */
const GIT_VERBS = new Set('add commit fetch status log show diff shortlog rev-parse ls-files blame describe'.split(' '))
/** Programs that make something new and overwrite nothing. */
const MAKERS = new Set(['mkdir', 'touch'])

/**
 * The shape that a command may be offered in: program and verb as they are, then any words. Null where that would allow
 * more than one can tell, which is so for several commands and for every program that runs others.
 */
export function shapeOf({ command, units }: CallFacts): string | null {
  // Such a rule would not hold here, as in a project that nobody trusts.
  if (command?.understood.kind !== 'simple' || units.some(({ obstacle }) => obstacle !== null)) return null
  const [only, ...others] = command.understood.commands
  if (only === undefined || others.length > 0 || whyTooBroad(only.words) !== null) return null
  const start = startOf(only.words)
  return start === null ? null : `${start} **`
}

/** What of the words must stay as it is; null where no words may follow it unseen. */
function startOf(words: readonly string[]): string | null {
  const [program = '', verb = ''] = words
  if (program === 'git') return GIT_VERBS.has(verb) ? `git ${verb}` : null
  return MAKERS.has(program) || knownOptions(words) === true ? program : null
}
