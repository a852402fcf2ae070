import { basename, resolve } from 'node:path'
import type { ExactCall } from '#protocol/policy'
import { possibleFolders } from '../platform/possible-folders.ts'
import type { CallFacts } from './call-facts.ts'
import { stateOf } from './unchanged-files.ts'

/** A call that names more than these is asked each time. */
const MAX_FILES = 40
/** A shell makes other words of these: what it would run or read in the end cannot be told from the text. */
const EXPANDED = /[$`*?[{~]/

/** Files that say what a program runs, where its words do not. */
const FILES_OF_PROGRAM: Readonly<Record<string, readonly string[]>> = {
  npm: ['package.json'],
  npx: ['package.json'],
  pnpm: ['package.json'],
  yarn: ['package.json'],
  bun: ['package.json'],
  make: ['GNUmakefile', 'makefile', 'Makefile'],
  gmake: ['GNUmakefile', 'makefile', 'Makefile'],
  just: ['justfile', 'Justfile'],
  rake: ['Rakefile'],
  tox: ['tox.ini'],
}

/**
 * The files that a call names, inside the project or not, as they are now: what an exact rule is bound to. Where there
 * is no file yet, that is what it is bound to. Null where they cannot all be told or read.
 */
export async function namedFiles(facts: CallFacts): Promise<ExactCall['files'] | null> {
  const paths = await pathsOf(facts)
  if (paths === null) return null
  const files: ExactCall['files'] = []
  for (const path of paths) {
    const state = await stateOf(path)
    if (state.kind === 'too-large' || path.length > 1000) return null
    if (state.kind === 'file') files.push({ path, sha256: state.hash })
    if (state.kind === 'absent') files.push({ path, sha256: null })
  }
  return files.length > MAX_FILES ? null : files
}

/** Null for too many, and for names that only the shell would know. */
async function pathsOf({ ask, context, command, paths }: CallFacts): Promise<Set<string> | null> {
  if (command?.understood.kind === 'unknown' && EXPANDED.test(command.text)) return null
  const cwd = ask.cwd ?? context.cwd
  const named = command === null ? paths.map(({ given }) => given) : namesIn(command)
  const names = [...new Set(named)].filter(canBePath)
  if (names.length > MAX_FILES) return null
  const folders = command === null ? [cwd] : await possibleFolders(cwd, names)
  return new Set(folders.flatMap((folder) => names.map((name) => resolve(folder, name))))
}

/** Every word that could be a file, the value of an option too: `--config=build.js`. */
function namesIn({ text, understood }: NonNullable<CallFacts['command']>): string[] {
  const words = understood.kind === 'simple' ? understood.commands.flatMap((command) => command.words) : looseWords(text)
  return words.flatMap((word) => [
    // The value of a short option may stand in its word: `-Cfolder`.
    ...(word.startsWith('-') ? (/^-\w./.test(word) ? [word.slice(2)] : []) : [word]),
    ...(word.includes('=') ? [word.slice(word.indexOf('=') + 1)] : []),
    ...(FILES_OF_PROGRAM[basename(word)] ?? []),
  ])
}

/** Of a text that nobody can read for sure: every run of characters that could be a path. */
function looseWords(text: string): string[] {
  return text.match(/[^\s'"`;|&<>(){}$\\]+/g) ?? []
}

function canBePath(name: string): boolean {
  return name !== '' && !name.includes('\0') && name.split('/').every((segment) => Buffer.byteLength(segment) <= 255)
}
