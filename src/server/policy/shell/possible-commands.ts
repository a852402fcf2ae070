import { parse } from 'unbash'
import { hasHiddenCharacter } from '#protocol/hidden-characters'
import { childrenOf, isRecord, literalOf, nodesOf, type SyntaxNode } from './syntax-tree.ts'
import { knownOptions } from './read-only-programs.ts'
import { programName, type RunnerKind, runnerKind } from './runners.ts'

/*
 * What a command line may run, for rules that ask or deny: every command in it however deep, what wrappers are told to
 * run, and what texts in it say. A guess that errs on the side of finding too much; nothing is ever allowed by it.
 */

/** One command that may run, in lower case. A word that only the shell knows is null and stands for any number of words. */
export interface PossibleCommand {
  words: readonly (string | null)[]
  /** Whether more words may follow that are not in the text, as after `xargs rm`. */
  isOpen: boolean
}

export interface PossibleCommands {
  /** By the program's name without its folder, in lower case. */
  byProgram: ReadonlyMap<string, readonly PossibleCommand[]>
  /** Names, in lower case, that stand in a text that cannot be read for sure: each may be a program there. */
  names: ReadonlySet<string>
  /** Beginnings and ends of a program's name of which the shell makes the middle, as in `c$(x)rl`. */
  shapes: readonly string[]
  /** Words that may be paths, with those that something is written to. */
  reads: ReadonlySet<string>
  writes: ReadonlySet<string>
}

const MAX_TEXT = 8000
const MAX_DEPTH = 6
/** Of one program, and of names, shapes and paths. */
const MAX_COMMANDS = 16
const MAX_NAMES = 5000
const MAX_PATHS = 100
const MAX_WORDS = 48
/** Programs that run what they are given on their standard input, and those that add it to the words of another. */
const READS_COMMANDS = new Set('xargs gxargs parallel ssh at batch docker podman kubectl'.split(' '))
const ADDS_WORDS = new Set('xargs gxargs parallel find gfind fd fdfind bfs'.split(' '))

export function possibleCommands(text: string): PossibleCommands {
  const found = new Finder()
  found.text(text, 0)
  return found
}

class Finder implements PossibleCommands {
  readonly byProgram = new Map<string, PossibleCommand[]>()
  readonly names = new Set<string>()
  readonly shapes: string[] = []
  readonly reads = new Set<string>()
  readonly writes = new Set<string>()

  text(text: string, depth: number): void {
    const nodes = text.length > MAX_TEXT || depth > MAX_DEPTH ? null : nodesOfText(text)
    // What nobody sees may end a word or a line for one shell and not for another.
    if (nodes === null || hasHiddenCharacter(text) || feedsRunner(nodes)) this.#everyName(text)
    for (const node of nodes ?? []) this.#node(node, text, depth)
  }

  #node(node: SyntaxNode, text: string, depth: number): void {
    if (node.type === 'Command') this.#command(node, text, depth)
    else if (node.type === 'Redirect') addPath(this.writes, literalOf(node.target))
    else if (ROUGH.has(String(node.type))) this.#everyName(textOf(node))
  }

  #command(node: SyntaxNode, text: string, depth: number): void {
    const given = [node.name, ...childrenOf(node.suffix)].filter(isWordOrAssignment)
    const words = given.map(literalOf)
    if (given[0] !== undefined && words[0] === null) this.#unknownProgram(given[0], text)
    for (const word of words.slice(1)) for (const part of pathsIn(word)) addPath(this.reads, part)
    this.#candidate(words, false)
    // What then bears another name is given its words elsewhere.
    if (RENAMES.has(words[0] ?? '')) this.#everyName(text)
    this.#unwrap(words, depth)
  }

  #candidate(words: readonly (string | null)[], isOpen: boolean): void {
    const [first] = words
    if (first === null || first === undefined) return
    const name = programName(first).toLowerCase()
    const known = this.byProgram.get(name) ?? []
    if (known.length > MAX_COMMANDS) return
    // Beyond that many, the program may be given anything.
    if (known.length === MAX_COMMANDS) known.push({ words: [name, null], isOpen: true })
    else {
      const looked = words.slice(0, MAX_WORDS).map((word) => word?.toLowerCase() ?? null)
      known.push({ words: looked, isOpen: isOpen || words.length > MAX_WORDS })
    }
    this.byProgram.set(name, known)
  }

  /** Whatever may stand in the words of a program that runs others. */
  #unwrap(words: readonly (string | null)[], depth: number): void {
    const name = programName(words[0] ?? '').toLowerCase()
    const kind = isRunningGit(name, words) ? 'wrapper' : runnerKind(name)
    if (kind === null) return
    if (name !== 'git' && namesPrograms(kind, name, words)) {
      for (let at = 1; at < words.length; at += 1) this.#candidate(words.slice(at, at + MAX_WORDS + 1), ADDS_WORDS.has(name))
    }
    const language = { isShell: kind === 'shell' || kind === 'wrapper', isForeign: words.some(isInterpreter) }
    for (const word of words.slice(1)) this.#innerText(word ?? '', language, depth)
  }

  /** A word that is a text in the shell's language, or in another. */
  #innerText(word: string, { isShell, isForeign }: { isShell: boolean; isForeign: boolean }, depth: number): void {
    if (PLAIN_WORD.test(word)) return
    if (isShell) for (const part of textsIn(word)) this.text(part, depth + 1)
    if (!isShell || isForeign) this.#everyName(word)
  }

  #unknownProgram(word: SyntaxNode, text: string): void {
    const shape = literalPieces(word).join('*').toLowerCase()
    if (/[a-z0-9]/.test(shape) && this.shapes.length < MAX_COMMANDS) this.shapes.push(programName(shape))
    this.#everyName(text)
  }

  #everyName(text: string): void {
    // As a shell reads it: what quotes and escapes take apart is one name, and `${x:-rm}` may be rm.
    const plain = text
      .slice(0, 200_000)
      .toLowerCase()
      .replace(/\$\{\w*:?[-+=?]?/g, ' ')
    for (const part of [...plain.split(SPLIT), ...plain.replace(/\\\n|['"\\]/g, '').split(SPLIT)]) {
      if (this.names.size > MAX_NAMES) return
      if (part !== '') this.names.add(programName(part))
    }
  }
}

function addPath(paths: Set<string>, word: string | null): void {
  if (word !== null && word !== '' && paths.size < MAX_PATHS) paths.add(word)
}

const RENAMES = new Set(['alias', 'hash', 'enable'])
const ROUGH = new Set(['HereDocBody', 'ArithmeticCommand'])
const FEEDS = new Set(['Pipeline', 'HereString', 'HereDoc'])
const PLAIN_WORD = /^[\w./@+:,-]*$/
const SPLIT = /[^\w./@+-]+/
const RUNNING_GIT = new Set([
  '-c',
  '--exec',
  '-x',
  'bisect',
  'foreach',
  'rebase',
  'difftool',
  'mergetool',
  'filter-branch',
  'config',
  'archive',
])

/** Null where the text cannot be read, or only with mistakes. */
function nodesOfText(text: string): SyntaxNode[] | null {
  try {
    const script = parse(text)
    return script.errors !== undefined && script.errors.length > 0 ? null : nodesOf(script)
  } catch {
    return null
  }
}

function isWordOrAssignment(node: unknown): node is SyntaxNode {
  return isRecord(node) && (node.type === 'Word' || node.type === 'Assignment')
}

function textOf(node: SyntaxNode): string {
  if (typeof node.text === 'string') return node.text
  return JSON.stringify(node).replaceAll('\\n', '\n')
}

const TESTS = new Set(['test', '[', 'printf', 'kill'])
const TAKING = /^(?:i|install|add|remove|uninstall|un|update|upgrade|info|show|search|list)$/

function isInterpreter(word: string | null): boolean {
  return runnerKind(programName(word ?? '')) === 'interpreter'
}

/** Whether each word of such a program may be the name of another. */
function namesPrograms(kind: RunnerKind, name: string, words: readonly (string | null)[]): boolean {
  if (kind === 'project') return !words.slice(1, 3).some((word) => word !== null && TAKING.test(word))
  if (kind === 'shell') return !TESTS.has(name)
  return kind === 'wrapper' && !(words.every((word) => word !== null) && knownOptions(words) === true)
}

function isRunningGit(name: string, words: readonly (string | null)[]): boolean {
  return name === 'git' && words.some((word) => RUNNING_GIT.has(word ?? ''))
}

/** Whether a program that runs what it is given is given anything: that may be all that stands here. */
function feedsRunner(nodes: readonly SyntaxNode[]): boolean {
  return nodes.some(({ type }) => FEEDS.has(String(type))) && nodes.some(readsCommands)
}

function readsCommands(node: SyntaxNode): boolean {
  if (node.type !== 'Command') return false
  const names = [node.name, ...childrenOf(node.suffix)].map((word) => programName(literalOf(word) ?? 'sh').toLowerCase())
  const kind = runnerKind(names[0] ?? '')
  const isRunner = (name: string) => ['shell', 'interpreter'].includes(runnerKind(name) ?? '') || READS_COMMANDS.has(name)
  return kind === 'wrapper' ? names.some(isRunner) : names.slice(0, 1).some(isRunner)
}

/** The parts of a word that the shell does not make. */
function literalPieces({ parts, value }: SyntaxNode): string[] {
  if (!Array.isArray(parts)) return typeof value === 'string' ? [value] : []
  return parts
    .filter(isRecord)
    .map((part) => (['Literal', 'SingleQuoted', 'AnsiCQuoted'].includes(String(part.type)) ? String(part.value) : ''))
}

/** A word as a text in the shell's language: itself, an option's value, an alias of git. */
function textsIn(word: string): string[] {
  const value = word.startsWith('-') || /^[\w.]+=/.test(word) ? word.slice(word.indexOf('=') + 1) : word
  return [...new Set([value, ...(/^-\w\S*\s/.test(word) ? [word.slice(2)] : [])])].map((text) => text.replace(/^!/, ''))
}

function pathsIn(word: string | null): string[] {
  if (word === null) return []
  return word.startsWith('-') ? word.split('=').slice(1) : [word]
}
