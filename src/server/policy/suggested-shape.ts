import type { CallFacts } from './call-facts.ts'
import { programName, runnerKind } from './shell/runners.ts'
import { knownOptions } from './shell/read-only-programs.ts'
import { whyTooBroad } from './shell/risky-programs.ts'

/** Verbs of git of which every harmless form may be allowed at once: those that look, take up or fetch. */
const GIT_VERBS = new Set('add commit fetch status log show diff shortlog rev-parse ls-files blame describe'.split(' '))
/** Programs that make something new and overwrite nothing. */
const MAKERS = new Set(['mkdir', 'touch'])

/**
 * The shape that a command may be offered in: program and verb as they are, then any words. Null where that would allow
 * more than one can tell, which is so for several commands and for programs that run others, but for the project's scripts.
 */
export function shapeOf({ command, units }: CallFacts): string | null {
  // Such a rule would not hold here, as in a project that nobody trusts.
  if (command?.understood.kind !== 'simple' || units.some(({ obstacle }) => obstacle !== null)) return null
  const [only, ...others] = command.understood.commands
  if (only === undefined || others.length > 0) return null
  if (whyTooBroad(only.words) !== null) return scriptOf(only.words)
  const start = startOf(only.words)
  return start === null ? null : `${start} **`
}

/** What starts a project's own scripts may be allowed word for word, whatever the scripts are by then: `npm test`. */
function scriptOf(words: readonly string[]): string | null {
  const isScript = runnerKind(programName(words[0] ?? '')) === 'project' && words.length > 1
  return isScript && words.every((word) => /^[^\s*]+$/.test(word)) ? words.join(' ') : null
}

/** What of the words must stay as it is; null where no words may follow it unseen. */
function startOf(words: readonly string[]): string | null {
  const [program = '', verb = ''] = words
  if (program === 'git') return GIT_VERBS.has(verb) ? `git ${verb}` : null
  return MAKERS.has(program) || knownOptions(words) === true ? program : null
}
