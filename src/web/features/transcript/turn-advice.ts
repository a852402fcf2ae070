import { turnText } from './text-transcript.ts'

/** What a person can do about a failed turn, by its code's words: every agent has codes of its own. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/auth|key|login|credential|token/, turnText.advice.auth],
  [/bill|credit|quota|payment/, turnText.advice.billing],
  [/rate|limit|overload|busy/, turnText.advice.limit],
  [/model/, turnText.advice.model],
]

export function adviceFor(code: string): string {
  const words = code.toLowerCase()
  return ADVICE.find(([pattern]) => pattern.test(words))?.[1] ?? turnText.advice.other
}
