/** Inline marks that come in pairs, longest first. */
const PAIRS = ['**', '__', '~~', '*', '_'] as const

/**
 * A block that is still being written, with what is open at its end closed, so that it is drawn as it will look:
 * `**bol` as bold, `[label](http` as its label, and a line of dashes not yet as a heading.
 */
export function healMarkdown(block: string): string {
  const text = withoutOpenLink(withoutOpenUnderline(block))
  const openCode = openCodeMark(text)
  if (openCode !== null) return text.endsWith(openCode) ? text.slice(0, -openCode.length) : `${text}${openCode}`
  return closePairs(text)
}

/** `text` and a beginning line of `-` or `=` would be a heading until the line is a list or goes on. */
function withoutOpenUnderline(text: string): string {
  return text.replace(/\n[ \t]*(?:-+|=+)[ \t]*$/, '')
}

function withoutOpenLink(text: string): string {
  return text.replace(/!?\[([^\]\n]*)\]\([^)\n]*$/, '$1').replace(/!?\[([^\]\n]*)$/, '$1')
}

/** The run of backticks that begins an inline code without an end, if there is one. */
function openCodeMark(text: string): string | null {
  let open: string | null = null
  for (const [run] of text.matchAll(/`+/g)) {
    if (open === null) open = run
    else if (open === run) open = null
  }
  return open
}

function closePairs(text: string): string {
  const prose = text
    .replace(/(`+)[\s\S]*?\1/g, (code) => ' '.repeat(code.length))
    .replace(/^[ \t]*[*+-] /gm, (bullet) => ' '.repeat(bullet.length))
  const open: string[] = []
  for (const match of prose.matchAll(/\*\*|__|~~|\*|_/g)) {
    const mark = match[0]
    if (open.includes(mark)) open.splice(open.lastIndexOf(mark))
    else if (canOpen(prose, match.index, mark)) open.push(mark)
  }
  return closeMarks(text, open)
}

/** A mark opens before a character and after a space or a sign: `snake_case` and `2 * 3` open nothing. */
function canOpen(text: string, index: number, mark: string): boolean {
  const before = text[index - 1] ?? ' '
  const after = text[index + mark.length] ?? ''
  return !/[\p{L}\p{N}]/u.test(before) && !/^\s$/.test(after)
}

function closeMarks(text: string, open: readonly string[]): string {
  const dangling = PAIRS.find((pair) => text.endsWith(pair) && open.at(-1) === pair)
  const kept = dangling === undefined ? open : open.slice(0, -1)
  const body = dangling === undefined ? text : text.slice(0, -dangling.length)
  const trailing = /\s*$/.exec(body)?.[0] ?? ''
  return `${body.slice(0, body.length - trailing.length)}${[...kept].reverse().join('')}${trailing}`
}
