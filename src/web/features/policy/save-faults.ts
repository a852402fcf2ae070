import * as z from 'zod/mini'
import { ApiError } from '../../lib/api-error.ts'
import { documentOf, type PolicyDraft } from './policy-draft.ts'
import { matchWords } from './rule-words.ts'
import { savingText } from './text-policy.ts'

const Fields = z.object({ fields: z.array(z.object({ field: z.string(), problem: z.string() })) })

/** What the server refuses, by the rules as the person knows them; null where the failure is another one. */
export function saveFaults(error: unknown, draft: PolicyDraft): string[] | null {
  const read = error instanceof ApiError && error.code === 'BAD_REQUEST' ? Fields.safeParse(error.details) : null
  if (read?.success !== true || read.data.fields.length === 0) return null
  const { rules } = documentOf(draft)
  return read.data.fields.map(({ field, problem }) => {
    const [, index, ...rest] = field.split('.')
    const rule = rules[Number(index)]
    return rule === undefined ? `${field} ${problem}` : savingText.fault(matchWords(rule.match), rest.join('.'), problem)
  })
}
