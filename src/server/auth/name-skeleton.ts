/*
 * A whole name in another alphabet can be drawn like one that somebody has: `аԁа` in Cyrillic letters is `ada` to a reader
 * (UTS 39, section 4). Letters by the Latin one that they look like; case matters, since small and capital differ.
 */

const LOOKS_LIKE: Readonly<Record<string, string>> = {
  a: 'аАαΑᎪ',
  b: 'вВΒƄЬь',
  c: 'сСϲϹᏟ',
  d: 'ԁᎠᏧ',
  e: 'еЕёЁΕᎬ',
  g: 'ցᏀ',
  h: 'һнНΗհᎻ',
  i: 'іІїЇιΙᎥ',
  j: 'јЈյᎫ',
  k: 'кКκΚᏦ',
  l: 'ӏӀլᏞ',
  m: 'мМΜᎷ',
  n: 'ΝηոՈ',
  o: 'оОοΟσօՕ',
  p: 'рРρΡᏢ',
  q: 'ԛԚզ',
  r: 'ᖇ',
  s: 'ѕЅՏᏚᏕ',
  t: 'тТτΤᎢ',
  u: 'υսՍ',
  v: 'νѵѴᏙ',
  w: 'ԝԜωᎳ',
  x: 'хХχΧ',
  y: 'уУүҮγΥᎩ',
  z: 'ΖᏃ',
}

const LATIN = new Map(Object.entries(LOOKS_LIKE).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)))

/** What a name looks like, in Latin letters where it can be drawn with them; names of the same skeleton are alike to a reader. */
export function nameSkeleton(username: string): string {
  return Array.from(username.normalize('NFKC'), (character) => LATIN.get(character) ?? character.toLowerCase()).join('')
}
