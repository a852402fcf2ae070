import type * as z from 'zod/mini'
import { faultText } from './text-policy.ts'

/** What is wrong, so that it can be put right; our schemas' own words where they have some. */
export function faultWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return faultText.oneOf(issue.values.map((value) => JSON.stringify(String(value))))
    case 'invalid_type':
      return faultText.type(issue.expected)
    case 'unrecognized_keys':
      return faultText.unknown(issue.keys)
    case 'invalid_union':
      return issue.discriminator === undefined ? issue.message : faultText.kind(issue.discriminator)
    case 'too_big':
      return faultText.tooBig(Number(issue.maximum))
    default:
      return issue.message
  }
}
