import { type CommandPart, commandParts, type PartSpan } from './command-parts.ts'
import { type Mark, marksOf } from './hidden-marks.ts'

/** A piece of a line. A marked one is not what it seems: `mark` stands in its place or beside it. */
export interface ExactPiece {
  text: string
  part: CommandPart | null
  mark: Mark | null
}

export interface ExactLine {
  /** From 1. */
  number: number
  pieces: ExactPiece[]
}

export interface ExactText {
  lines: ExactLine[]
  marks: readonly Mark[]
  /** What stands after the fold; empty where nothing is folded. */
  tail: ExactLine[]
  hidden: { characters: number; lines: number } | null
}

/** Longer texts are folded: so many characters are shown before the fold, and so many after it. */
const FOLD_ABOVE = 4000
const FOLD_ABOVE_LINES = 100
const HEAD = 2400
const TAIL = 1000
/** Longer commands are shown in one colour. */
const MAX_COLOURED = 50_000

export function isFolded(text: string): boolean {
  return text.length > FOLD_ABOVE || lineCount(text) > FOLD_ABOVE_LINES
}

/** A text, every character of it in its place; with `isOpen` false a long one has a fold in the middle. */
export function exactText(text: string, { isCommand, isOpen }: { isCommand: boolean; isOpen: boolean }): ExactText {
  const whole: Source = {
    text,
    marks: marksOf(text),
    parts: isCommand && text.length <= MAX_COLOURED ? commandParts(text) : [],
  }
  if (isOpen || !isFolded(text)) return { lines: linesOf(whole, 0, text.length), tail: [], hidden: null, marks: whole.marks }
  const { headEnd, tailStart } = foldOf(text)
  return {
    lines: linesOf(whole, 0, headEnd),
    tail: linesOf(whole, tailStart, text.length),
    hidden: { characters: tailStart - headEnd, lines: lineCount(text.slice(headEnd, tailStart)) - 1 },
    marks: whole.marks,
  }
}

/** Where the fold begins and ends: never within a character. */
function foldOf(text: string): { headEnd: number; tailStart: number } {
  const headEnd = Math.min(HEAD, nthLineEnd(text, FOLD_ABOVE_LINES / 2))
  const tail = text
    .slice(-TAIL)
    .split('\n')
    .slice(-FOLD_ABOVE_LINES / 4)
    .join('\n')
  return { headEnd: beforeHalf(text, headEnd), tailStart: beforeHalf(text, text.length - tail.length) }
}

/** Where the line with that number ends, or the text. */
function nthLineEnd(text: string, number: number): number {
  let end = -1
  for (let line = 0; line < number; line += 1) {
    end = text.indexOf('\n', end + 1)
    if (end === -1) return text.length
  }
  return end
}

function beforeHalf(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at
}

function lineCount(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

interface Source {
  text: string
  /** In the order of their places, none inside another. */
  marks: readonly Mark[]
  /** Without gaps, or none at all. */
  parts: readonly PartSpan[]
}

function linesOf(source: Source, from: number, to: number): ExactLine[] {
  const lines: ExactLine[] = []
  const cursor = { mark: 0, part: 0 }
  let number = lineCount(source.text.slice(0, from))
  let start = from
  while (start <= to) {
    const found = source.text.indexOf('\n', start)
    const end = found === -1 || found > to ? to : found
    lines.push({ number, pieces: piecesOf(source, cursor, start, end) })
    number += 1
    start = end + 1
  }
  return lines
}

function piecesOf(source: Source, cursor: { mark: number; part: number }, from: number, to: number): ExactPiece[] {
  const pieces: ExactPiece[] = []
  for (let at = from; at < to; ) {
    const mark = markFrom(source.marks, cursor, at)
    const { end: partEnd, part } = partAt(source.parts, cursor, at) ?? { end: to, part: null }
    const isMarked = mark?.at === at
    const end = isMarked ? at + mark.length : Math.min(to, partEnd, mark?.at ?? to)
    pieces.push({ text: source.text.slice(at, end), part, mark: isMarked ? mark : null })
    at = end
  }
  return pieces
}

/** The next mark from there on. */
function markFrom(marks: readonly Mark[], cursor: { mark: number }, at: number): Mark | undefined {
  while ((marks[cursor.mark]?.at ?? Infinity) < at) cursor.mark += 1
  return marks[cursor.mark]
}

function partAt(parts: readonly PartSpan[], cursor: { part: number }, at: number): PartSpan | undefined {
  while ((parts[cursor.part]?.end ?? Infinity) <= at) cursor.part += 1
  return parts[cursor.part]
}
