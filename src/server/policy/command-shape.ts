import { fitsSegments, readGlob } from './glob.ts'
import type { PossibleCommand, PossibleCommands } from './shell/possible-commands.ts'
import { programName } from './shell/runners.ts'

/** The shape of a command as a rule names it, taken apart once. */
export interface CommandShape {
  /** Without the `**` at the end. */
  fixed: readonly string[]
  /** Whether any words may follow. */
  isOpen: boolean
  /** Whether there is a wildcard in it. */
  isBroad: boolean
  /** The program's name without its folder, in lower case; null for any program. */
  program: string | null
  /** For looking loosely, in lower case: the words that are no options, and the options. */
  operands: readonly string[]
  options: readonly string[]
}

/** How much of a shape is looked at loosely: what is longer speaks of more, which is the safe side for asking and denying. */
const LOOSE_WORDS = 12

export function readShape(text: string): CommandShape {
  const words = text.trim().split(/\s+/)
  const isOpen = words.at(-1) === '**'
  const fixed = isOpen ? words.slice(0, -1) : words
  const [first = '*', ...rest] = fixed
  const looked = rest.slice(0, LOOSE_WORDS).map((word) => word.toLowerCase())
  return {
    fixed,
    isOpen: isOpen || rest.length > LOOSE_WORDS,
    isBroad: words.some((word) => word === '*' || word === '**'),
    program: first.startsWith('*') ? null : programName(first).toLowerCase(),
    operands: looked.filter((word) => !word.startsWith('-')),
    options: looked.filter((word) => word.startsWith('-')),
  }
}

/** Word by word, for allowing: `*` is one word that is no option, `**` at the end any words. */
export function fitsWords({ fixed, isOpen }: CommandShape, words: readonly string[]): boolean {
  if (isOpen ? words.length < fixed.length : words.length !== fixed.length) return false
  return fixed.every((word, index) => word === words[index] || (word === '*' && words[index]?.startsWith('-') === false))
}

/**
 * Whether a command line may run what the shape means, for asking and denying: by whatever path, behind wrappers, with
 * other options in between and in any spelling of them. `surely` where the command itself stands there.
 */
export function mayRun(shape: CommandShape, line: PossibleCommands): 'surely' | 'perhaps' | null {
  const { program } = shape
  const commands = program === null ? [...line.byProgram.values()].flat() : (line.byProgram.get(program) ?? [])
  if (commands.some((command) => fitsLoosely(shape, command))) return 'surely'
  if (program === null) return line.names.size > 0 || line.shapes.length > 0 ? 'perhaps' : null
  return line.names.has(program) || line.shapes.some((pattern) => fitsSegments(readGlob(pattern), [program])) ? 'perhaps' : null
}

function fitsLoosely({ operands, options, isOpen }: CommandShape, { words, isOpen: hasMore }: PossibleCommand): boolean {
  const rest = words.slice(1)
  const isUnsure = hasMore || rest.includes(null)
  if (!isUnsure && !options.every((option) => isGiven(option, rest))) return false
  if (!isUnsure && operands.some((operand) => operand !== '*' && !rest.includes(operand))) return false
  return fitsOperands(operands, rest, { isOpen, hasMore })
}

/** In their order; between them may stand options with their values, and anything where the shell makes words. */
function fitsOperands(
  operands: readonly string[],
  words: readonly (string | null)[],
  { isOpen, hasMore }: { isOpen: boolean; hasMore: boolean },
): boolean {
  // reachable[n]: the words so far can be the first n operands.
  let reachable = [true, ...operands.map(() => false)]
  for (const [index, word] of words.entries()) {
    if (isOpen && reachable.at(-1) === true) return true
    const isOptional = word?.startsWith('-') === true || words[index - 1]?.startsWith('-') === true
    const from = reachable.indexOf(true)
    reachable = reachable.map((isReachable, count) => {
      if (word === null) return from >= 0 && count >= from
      return (isOptional && isReachable) || (reachable[count - 1] === true && isOperand(operands[count - 1], word))
    })
  }
  return hasMore ? reachable.includes(true) : reachable.at(-1) === true
}

function isOperand(operand: string | undefined, word: string): boolean {
  return operand === '*' ? !word.startsWith('-') : operand === word
}

/** `-rf` is also `-r -f`, `-Rfv` and `--recursive --force`; a long option also its beginnings and its first letter. */
function isGiven(option: string, words: readonly (string | null)[]): boolean {
  const names = words.flatMap((word) => (word?.startsWith('-') === true ? [word.split('=', 1)[0] ?? ''] : []))
  const [wanted = ''] = option.split('=', 1)
  const hasLetter = (letter: string) => names.some((name) => (name.startsWith('--') ? name[2] === letter : name.includes(letter)))
  if (!wanted.startsWith('--')) return Array.from(wanted.slice(1)).every(hasLetter)
  return names.some((name) => (name.startsWith('--') ? name.length > 2 && wanted.startsWith(name) : name.includes(wanted.charAt(2))))
}
