import { findLookAlikes, hasHiddenCharacter } from '#protocol/hidden-characters'
import { agreesWithParser } from './second-opinion.ts'
import type { SimpleCommand } from './simple-command.ts'

/** What a shell would do with a text, as far as it is provable: a list of simple commands, or nothing that can be said. */
export type Understood = { kind: 'simple'; commands: readonly SimpleCommand[] } | { kind: 'unknown'; why: string }

const MAX_LENGTH = 4000
/** Between simple commands; what happens between them does not matter to a check that wants all of them allowed. */
const SEPARATORS = ['&&', '||', '|', ';', '\n']
/** Characters that no shell treats specially inside a word. */
const PLAIN = /[A-Za-z0-9_@%+,./:-]/
/** Inside double quotes these still mean something, or do in some shell. */
const ACTIVE_IN_QUOTES = /[$`\\!]/
/**
 * Words that are no programs where a command begins: the grammar of bash and zsh, and builtins that change what later
 * commands mean, such as the folder in which relative paths begin.
 */
const RESERVED = new Set(
  (
    'if then else elif fi case esac for select while until do done in function time coproc foreach repeat end nocorrect noglob ' +
    'declare typeset local export readonly integer float private alias unalias eval exec source . builtin command trap set unset setopt ' +
    'unsetopt shopt enable disable hash let cd chdir pushd popd dirs exit return break continue shift read readarray mapfile getopts ' +
    'umask ulimit wait jobs bg fg disown suspend logout bye fc history bind bindkey complete compopt compgen autoload zmodload emulate'
  ).split(' '),
)
/** What a program may be called, as a name or as a path. */
const PROGRAM = /^[\w./][\w./+-]*$/

class NotSimple extends Error {}

/**
 * Reads a command line of a POSIX-like shell. `simple` only where every command in it is made of literal words, joined by
 * `;`, `&&`, `||`, `|` or line ends, with no redirection but to /dev/null or between the two outputs, and where a
 * maintained parser reads the very same words. Everything else is `unknown`.
 */
export function understandCommandLine(text: string): Understood {
  try {
    const commands = new Reader(text).read()
    if (!agreesWithParser(text, commands)) throw new NotSimple('is read differently by a second parser')
    return { kind: 'simple', commands }
  } catch (error) {
    if (error instanceof NotSimple) return { kind: 'unknown', why: error.message }
    throw error
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): SimpleCommand[] {
    this.#refuseWhole()
    const commands: SimpleCommand[] = []
    let words: string[] = []
    let wasSeparator = ''
    const end = (separator: string) => {
      if (words.length > 0) commands.push(checked(words))
      else if (separator !== '\n' && separator !== '') throw new NotSimple('has an operator with nothing before it')
      words = []
      if (separator !== '\n' || commands.length === 0) wasSeparator = separator
    }
    while (this.#at < this.#text.length) {
      if (this.#skipBlanks()) continue
      const separator = SEPARATORS.find((each) => this.#text.startsWith(each, this.#at))
      if (separator !== undefined) {
        this.#at += separator.length
        end(separator)
      } else if (!this.#redirection()) {
        words.push(this.#word())
        wasSeparator = ''
      }
    }
    if (words.length === 0 && ['&&', '||', '|'].includes(wasSeparator)) throw new NotSimple('ends with an operator')
    end('')
    if (commands.length === 0) throw new NotSimple('is empty')
    return commands
  }

  #refuseWhole(): void {
    if (this.#text.length > MAX_LENGTH) throw new NotSimple('is too long to vouch for')
    if (hasHiddenCharacter(this.#text)) throw new NotSimple('contains hidden characters')
    if (findLookAlikes(this.#text).count > 0) throw new NotSimple('contains letters that look like others')
  }

  #skipBlanks(): boolean {
    const start = this.#at
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1
    return this.#at > start
  }

  /** `2>&1` and everything that ends in /dev/null throw output away and write nothing. */
  #redirection(): boolean {
    const pattern = /(?:[12]>&[12]|(?:[12]|&)?>{1,2}[ \t]*\/dev\/null)(?=$|[ \t\n;|])/y
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #word(): string {
    let word = ''
    const start = this.#at
    while (this.#at < this.#text.length && !/[ \t\n;|&]/.test(this.#text.charAt(this.#at))) word += this.#piece(start)
    if (this.#at === start) throw new NotSimple('runs something in the background')
    return word
  }

  #piece(wordStart: number): string {
    const character = this.#text.charAt(this.#at)
    if (character === "'" || character === '"') return this.#quoted(character)
    if (PLAIN.test(character) || (character === '=' && this.#at > wordStart)) {
      this.#at += 1
      return character
    }
    if (character > '\u007f') return this.#nonAscii()
    throw new NotSimple(`contains ${NAMES[character] ?? `an active "${character}"`}`)
  }

  #quoted(quote: "'" | '"'): string {
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw new NotSimple('has a quote that is never closed')
    const inside = this.#text.slice(this.#at + 1, end)
    if (quote === '"' && ACTIVE_IN_QUOTES.test(inside)) throw new NotSimple('expands something inside quotes')
    this.#at = end + 1
    return inside
  }

  /** A letter of any language is a letter to a shell, unless a byte of it is a blank to some (bash on macOS). */
  #nonAscii(): string {
    const letter = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    const hasBlankByte = Buffer.from(letter).some((byte) => byte === 0x85 || byte === 0xa0)
    if (hasBlankByte || !/^[\p{L}\p{N}\p{M}]$/u.test(letter)) throw new NotSimple('contains an unusual character outside quotes')
    this.#at += letter.length
    return letter
  }
}

const NAMES: Readonly<Record<string, string>> = {
  $: 'an expansion',
  '`': 'a command substitution',
  '\\': 'an escape',
  '*': 'a pattern',
  '?': 'a pattern',
  '[': 'a pattern',
  ']': 'a pattern',
  '{': 'a brace expansion',
  '}': 'a brace expansion',
  '~': 'a home folder expansion',
  '#': 'a comment',
  '!': 'a negation or history expansion',
  '<': 'an input redirection',
  '>': 'a redirection to a file',
  '(': 'a subshell',
  ')': 'a subshell',
  '=': 'an assignment',
  '^': 'a history expansion',
}

/** @throws NotSimple where the first word is no program */
function checked(words: readonly string[]): SimpleCommand {
  const [program = ''] = words
  if (program === '') throw new NotSimple('runs a program without a name')
  if (RESERVED.has(program)) throw new NotSimple(`uses "${program}", which is part of the shell`)
  if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(program)) throw new NotSimple('sets a variable')
  if (!PROGRAM.test(program)) throw new NotSimple('begins with what is no name of a program')
  return { words }
}
