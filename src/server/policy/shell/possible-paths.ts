import { knownOptions, readingOf } from './read-only-programs.ts'

/** More than these are not looked at one by one: such a call may reach anything. */
const MAX_CANDIDATES = 100
/** Two separators, so that rules that deny can tell it from the root folder. */
export const ANYTHING = '//'

/** What a command may touch. */
export interface NamedPaths {
  access: 'read' | 'write'
  paths: readonly string[]
}

/** Verbs of git that take up files and change none in the folder. */
const TAKING_VERBS = new Set(['add', 'commit', 'push', 'fetch', 'status', 'log', 'diff', 'show'])

/** The paths of one simple command: exactly, where its grammar is known, or else every word that may be one. */
export function namedPaths(words: readonly string[]): NamedPaths {
  const reading = readingOf(words)
  if (reading !== null) return { access: 'read', paths: reading.paths }
  const onlyReads = knownOptions(words) === true || (words[0] === 'git' && TAKING_VERBS.has(words[1] ?? ''))
  return { access: onlyReads ? 'read' : 'write', paths: possiblePaths(words.slice(1)) }
}

/** Every word, its parts between `=`, `:`, `,` and `@`, and what is attached to an option, as in `-I/usr/include`. */
function possiblePaths(words: readonly string[]): string[] {
  const candidates = new Set<string>()
  for (const word of words) {
    for (const part of partsOf(word)) candidates.add(part)
    if (candidates.size > MAX_CANDIDATES) return [ANYTHING]
  }
  return [...candidates]
}

function partsOf(word: string): string[] {
  const whole = word.startsWith('-') ? [word.slice(2), word.slice(Math.max(0, word.search(/[/.]/)))] : [word]
  return [...whole, ...word.split(/[=:,@]/)].filter((part) => part !== '' && !part.startsWith('-') && canExist(part))
}

/** No file system has longer names, so a long text is none. */
function canExist(path: string): boolean {
  return path.split('/').every((name) => Buffer.byteLength(name) <= 255)
}
