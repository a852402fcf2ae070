/** What a piece of a command line is, for its colour. */
export type CommandPart = 'program' | 'option' | 'operator' | 'redirection' | 'string' | 'variable' | 'comment'

/** From `start` up to `end`, in code units; null: an ordinary word or a blank. */
export interface PartSpan {
  start: number
  end: number
  part: CommandPart | null
}

const TOKEN = new RegExp(
  [
    /(?<newline>\n)/,
    /(?<blank>[^\S\n]+|\\\n)/,
    /(?<redirection>\d*(?:&>>|&>|<<<|<<-|<<|<>|<&|<|>>|>\||>&|>)(?:\d+|-)?)/,
    /(?<operator>&&|\|\||\|&|;;|[|&;()])/,
    /(?<comment>(?<![^\s;&|()])#[^\n]*)/,
    /(?<string>\$'(?:\\[^]|[^'\\])*'?|'[^']*'?|"(?:\\[^]|[^"\\])*"?)/,
    /(?<opening>\$\(|`)/,
    /(?<variable>\$\{[^}\n]*\}?|\$\w+|\$[?!#@*$-]?)/,
    /(?<word>(?:\\[^]|[^\s|&;()<>'"$`\\])+|\\)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gy',
)
const ASSIGNMENT = /^\w+\+?=/
/** Inside double quotes a shell still replaces these. */
const REPLACED = /(\$\([^)]*\)?|`[^`]*`?|\$\{[^}]*\}?|\$\w+)/

/** What the next word is: a command's program, the file of a redirection, or one of its other words. */
type Expects = 'program' | 'target' | 'word'

/**
 * Splits a command line into parts that are shown in different colours. It only helps the eye: nothing is decided by
 * it, and what it misreads is shown all the same, every character once and in its place.
 */
export function commandParts(command: string): PartSpan[] {
  const spans: PartSpan[] = []
  let expects: Expects = 'program'
  /** The part that the word goes on with, while one is not over. */
  let inWord: { part: CommandPart | null } | null = null
  for (const match of command.matchAll(TOKEN)) {
    const [text] = match
    const kind = kindOf(match.groups ?? {})
    if (isOfWord(kind)) {
      inWord ??= { part: partOfWord(text, expects) }
      spans.push(...wordSpans(text, match.index, kind, inWord.part))
      continue
    }
    if (inWord !== null) expects = after(expects, inWord.part)
    inWord = null
    spans.push({ start: match.index, end: match.index + text.length, part: partOfMark(kind) })
    expects = expectedAfter(kind, expects)
  }
  return spans
}

function expectedAfter(kind: Kind, expects: Expects): Expects {
  if (kind === 'redirection') return 'target'
  return kind === 'blank' || kind === 'comment' ? expects : 'program'
}

type Kind = 'newline' | 'blank' | 'comment' | 'redirection' | 'operator' | 'string' | 'opening' | 'variable' | 'word'

function kindOf(groups: Record<string, string | undefined>): Kind {
  const kinds: readonly Kind[] = ['newline', 'blank', 'comment', 'redirection', 'operator', 'string', 'opening', 'variable']
  return kinds.find((kind) => groups[kind] !== undefined) ?? 'word'
}

function isOfWord(kind: Kind): boolean {
  return kind === 'word' || kind === 'string' || kind === 'variable'
}

function partOfMark(kind: Kind): CommandPart | null {
  if (kind === 'redirection' || kind === 'comment') return kind
  return kind === 'operator' || kind === 'opening' ? 'operator' : null
}

function partOfWord(text: string, expects: Expects): CommandPart | null {
  if (expects === 'target') return 'redirection'
  if (expects === 'program') return ASSIGNMENT.test(text) ? 'variable' : 'program'
  return text.startsWith('-') ? 'option' : null
}

/** An assignment before a program is followed by one. */
function after(expects: Expects, part: CommandPart | null): Expects {
  return expects === 'program' && part === 'variable' ? 'program' : 'word'
}

function wordSpans(text: string, start: number, kind: Kind, part: CommandPart | null): PartSpan[] {
  if (kind === 'variable') return [{ start, end: start + text.length, part: 'variable' }]
  if (kind !== 'string') return [{ start, end: start + text.length, part }]
  const outer = part === 'program' ? 'program' : 'string'
  if (!text.startsWith('"')) return [{ start, end: start + text.length, part: outer }]
  const spans: PartSpan[] = []
  let at = start
  for (const [index, piece] of text.split(REPLACED).entries()) {
    if (piece !== '') spans.push({ start: at, end: at + piece.length, part: index % 2 === 0 ? outer : 'variable' })
    at += piece.length
  }
  return spans
}
