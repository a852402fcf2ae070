import type { ExactCall } from '#protocol/policy'
import type { CallFacts } from './call-facts.ts'

const MAX_NAMES = 5

/** At most so many characters, with a mark where something is left out. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** The folder that a call runs in. */
export function placeOf({ ask, context }: CallFacts): string {
  return ask.cwd ?? context.cwd
}

/** `, as long as build.js and package.json are as they are now`; empty where no file counts. */
export function unlessChanged(facts: CallFacts, files: ExactCall['files']): string {
  const place = `${placeOf(facts)}/`
  const names = files.filter(({ sha256 }) => sha256 !== null).map(({ path }) => (path.startsWith(place) ? path.slice(place.length) : path))
  if (names.length === 0) return ''
  if (names.length > MAX_NAMES) return `, as long as the ${String(names.length)} files that it names are as they are now`
  const [first = ''] = names
  if (names.length === 1) return `, as long as ${first} is as it is now`
  return `, as long as ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are as they are now`
}
