import type { Token } from 'marked'
import { lexer } from 'marked'
import { healMarkdown } from './heal-markdown.ts'

/** Markdown as top-level tokens, with the text they were made from. */
export interface LexedMarkdown {
  readonly text: string
  readonly tokens: readonly Token[]
}

/** Nested deeper than the library can take, or not Markdown to it at all: then it is shown as it came. */
function lexSafely(text: string): Token[] {
  try {
    return lexer(text)
  } catch {
    return [{ type: 'text', raw: text, text }]
  }
}

export function lexMarkdown(text: string): LexedMarkdown {
  return { text, tokens: lexSafely(text) }
}

/**
 * The tokens of a text that is still growing. Tokens before the last one are settled and keep their identity; the last
 * is lexed again with open emphasis and links closed, so that half-written marks do not flicker.
 */
export function lexGrowing(text: string, previous: LexedMarkdown | null): LexedMarkdown {
  const candidates = settledTokens(text, previous)
  const end = endOf(candidates, text)
  const settled = end === null ? [] : candidates
  const offset = end ?? 0
  const tail = lexSafely(text.slice(offset))
  const last = lastBlockIndex(tail)
  const block = tail[last]
  if (block === undefined || block.type === 'code') return { text, tokens: [...settled, ...tail] }
  // Where nothing is left of it yet, it takes no room. Its own raw text stays, so that offsets are true.
  const healed: Token = lexSafely(healMarkdown(block.raw))[0] ?? { type: 'space', raw: '' }
  return { text, tokens: [...settled, ...tail.slice(0, last), { ...healed, raw: block.raw }, ...tail.slice(last + 1)] }
}

/** Where the tokens end in the text; they may leave out white space. Null where they are not its beginning. */
function endOf(tokens: readonly Token[], text: string): number | null {
  let end = 0
  for (const { raw } of tokens) {
    const start = text.indexOf(raw, end)
    if (start === -1 || text.slice(end, start).trim() !== '') return null
    end = start + raw.length
  }
  return end
}

function settledTokens(text: string, previous: LexedMarkdown | null): readonly Token[] {
  if (previous === null || !text.startsWith(previous.text)) return []
  // The last two blocks: a line that is added may join them, as it does for lists and quotes.
  const last = lastBlockIndex(previous.tokens)
  return previous.tokens.slice(0, Math.max(0, lastBlockIndex(previous.tokens.slice(0, Math.max(0, last)))))
}

function lastBlockIndex(tokens: readonly Token[]): number {
  return tokens.findLastIndex((token) => token.type !== 'space')
}
