import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as commonWords } from '@zxcvbn-ts/language-common'
import { dictionary as englishWords, translations } from '@zxcvbn-ts/language-en'
import type { Strength } from './password-jobs.ts'

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...commonWords, ...englishWords },
  graphs: adjacencyGraphs,
  translations,
})

/** Takes some milliseconds, for 72 odd characters half a second; loading this file takes a quarter of one and 150 MB. */
export function estimateStrength(password: string, knownWords: readonly string[]): Strength {
  const { score, feedback } = zxcvbn.check(password, [...knownWords])
  return { score, suggestions: [...(feedback.warning === null ? [] : [feedback.warning]), ...feedback.suggestions] }
}
