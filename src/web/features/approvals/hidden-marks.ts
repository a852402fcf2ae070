import { findHiddenCharacters, findLookAlikes, type HiddenCharacter } from '#protocol/hidden-characters'

/** What deceives the eye at one place of a text. */
export interface Mark {
  /** Index in the text, in code units. */
  at: number
  /** In code units. */
  length: number
  /** What is written there, such as `U+202E` or `3000 blanks`. */
  label: string
  /** For a person, in lower case. */
  name: string
  /** Whether the characters can be seen, and are shown beside their label. */
  isVisible: boolean
}

/** So much of a text is searched at once: not more than the search lists. */
const CHUNK = 200
/** Spaces and tabs in a row push what follows out of sight; at the start of a line they are an indentation. */
const BLANKS = /(?<![\n\t ])[ \t]{12,}|[ \t]{80,}/g
const EMOJI = /\p{RGI_Emoji}/gv

/** Everything in a text that is not what it seems, in the order of its places. */
export function marksOf(text: string): Mark[] {
  const marks = new Map<number, Mark>()
  for (const mark of [...blanksOf(text), ...lookAlikesOf(text), ...hiddenOf(text)]) marks.set(mark.at, mark)
  return withoutOverlaps([...marks.values()].sort((a, b) => a.at - b.at))
}

/** One line for each kind of mark: what it is, and how many. */
export function countMarks(marks: readonly Mark[]): { label: string; name: string; count: number }[] {
  const kinds = new Map<string, { label: string; name: string; count: number }>()
  for (const { label, name } of marks) {
    const key = `${label} ${name}`
    const kind = kinds.get(key) ?? { label, name, count: 0 }
    kind.count += 1
    kinds.set(key, kind)
  }
  return [...kinds.values()]
}

function hiddenOf(text: string): Mark[] {
  // The joints of an emoji are what they seem.
  const searched = text.replace(EMOJI, (emoji) => 'x'.repeat(emoji.length))
  const marks: Mark[] = []
  for (let start = 0; start < searched.length; ) {
    let end = Math.min(start + CHUNK, searched.length)
    if (isHighHalf(searched, end - 1) && end < searched.length) end += 1
    const { found } = findHiddenCharacters(searched.slice(start, end))
    for (const character of found) marks.push(markOf(character, start, false))
    start = end
  }
  return marks
}

function isHighHalf(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at))
}

/** Each foreign letter of a word that mixes alphabets, and each character that is drawn as another. */
function lookAlikesOf(text: string): Mark[] {
  return findLookAlikes(text).found.flatMap((found) =>
    [...text.slice(found.at, found.at + found.length).matchAll(/\P{ASCII}/gu)].map(({ 0: letter, index }) =>
      markOf({ ...found, at: found.at + index, length: letter.length, codePoint: letter.codePointAt(0) ?? 0 }, 0, true),
    ),
  )
}

function blanksOf(text: string): Mark[] {
  return [...text.matchAll(BLANKS)].map(({ 0: { length }, index }) => {
    return { at: index, length, label: `${length.toLocaleString('en')} blanks`, name: 'in a row', isVisible: false }
  })
}

function markOf({ at, length, codePoint, name }: HiddenCharacter, offset: number, isVisible: boolean): Mark {
  return { at: at + offset, length, label: `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`, name, isVisible }
}

function withoutOverlaps(marks: readonly Mark[]): Mark[] {
  let end = 0
  return marks.filter((mark) => {
    if (mark.at < end) return false
    end = mark.at + mark.length
    return true
  })
}
