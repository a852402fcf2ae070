/*
 * Characters that make a text look like something else. Both ends use this: the server so that no rule vouches for such
 * a text, the browser to show each of them as a box with its code point.
 */

/**
 * Controls (line end and tab aside), bidirectional and zero-width characters, tags, variation selectors, fillers,
 * private and unassigned ones, halves of surrogate pairs, line separators, unusual blanks. No letter, accent or base of
 * an emoji is among them.
 */
const HIDDEN =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/u
const EVERY_HIDDEN = new RegExp(HIDDEN.source, 'gu')
/** How many are listed; all are counted. */
const MAX_LISTED = 200

/** One character, or one word of look-alikes. */
export interface HiddenCharacter {
  /** Index in the text, in UTF-16 code units. */
  at: number
  /** In code units. */
  length: number
  codePoint: number
  /** For a person, in lower case. */
  name: string
}

export interface HiddenCharacters {
  count: number
  /** The first 200. */
  found: HiddenCharacter[]
}

export function hasHiddenCharacter(text: string): boolean {
  return HIDDEN.test(text)
}

/** Every hidden character with its place and name. */
export function findHiddenCharacters(text: string): HiddenCharacters {
  return collect(text, EVERY_HIDDEN, (character) => nameOf(character))
}

const NAMES: readonly [RegExp, string][] = [
  [/[\u202a\u202b\u202d\u202e]/u, 'bidirectional override'],
  [/[\u202c\u2066-\u2069]/u, 'bidirectional isolate'],
  [/[\u061c\u200e\u200f]/u, 'direction mark'],
  [/\u200b/u, 'zero-width space'],
  [/[\u200c\u200d]/u, 'zero-width joiner'],
  [/\ufeff/u, 'byte order mark'],
  [/\u00ad/u, 'soft hyphen'],
  [/\u001b/u, 'escape'],
  [/\r/u, 'carriage return'],
  [/\u0008/u, 'backspace'],
  [/\u0000/u, 'NUL'],
  [/[\u2028\u2029\u0085]/u, 'line separator'],
  [/[\p{Zs}]/u, 'unusual blank'],
  [/\p{Cc}/u, 'control character'],
  [/[\u{e0000}-\u{e007f}]/u, 'tag character'],
  [/\p{Variation_Selector}/u, 'variation selector'],
  [/\p{Cs}/u, 'half of a surrogate pair'],
  [/\p{Co}/u, 'private character'],
  [/[\u2800\u115f\u1160\u3164\uffa0]/u, 'blank filler'],
  [/\p{Default_Ignorable_Code_Point}|\p{Cf}/u, 'invisible character'],
]

function nameOf(character: string): string {
  return NAMES.find(([pattern]) => pattern.test(character))?.[1] ?? 'unassigned character'
}

/** Alphabets with letters that look alike. Those of East Asia are mixed in ordinary words. */
const ALPHABETS: readonly [string, RegExp][] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
]
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Looks like ASCII and is none: full width, mathematical letters, the Greek question mark. Superscripts are ordinary. */
const FOREIGN = /[^\p{ASCII}\p{No}ªº]/gu

/** Words that mix alphabets, such as `gіt` with a Cyrillic i, and characters that are drawn as ASCII ones. */
export function findLookAlikes(text: string): HiddenCharacters {
  const mixed = collect(text, WORD, (word) => {
    const scripts = /^\p{ASCII}*$/u.test(word) ? [] : ALPHABETS.filter(([, script]) => script.test(word)).map(([name]) => name)
    return scripts.length > 1 ? `mixes ${scripts.join(' and ')} letters` : null
  })
  const drawn = collect(text, FOREIGN, (character) => {
    const plain = character.normalize('NFKC')
    return /^[!-~]$/.test(plain) ? `looks like "${plain}"` : null
  })
  return { count: mixed.count + drawn.count, found: [...mixed.found, ...drawn.found].sort((a, b) => a.at - b.at).slice(0, MAX_LISTED) }
}

function collect(text: string, pattern: RegExp, name: (match: string) => string | null): HiddenCharacters {
  const result: HiddenCharacters = { count: 0, found: [] }
  for (const { 0: match, index } of text.matchAll(pattern)) {
    const called = name(match)
    if (called === null) continue
    result.count += 1
    if (result.count <= MAX_LISTED)
      result.found.push({ at: index, length: match.length, codePoint: match.codePointAt(0) ?? 0, name: called })
  }
  return result
}
