import * as z from 'zod/mini'

const QuestionOption = z.object({
  label: z.string(),
  description: z.optional(z.string()),
})

export const Question = z.object({
  question: z.string(),
  /** A few characters for a tab or a chip. */
  header: z.optional(z.string()),
  options: z.array(QuestionOption),
  multiSelect: z.optional(z.boolean()),
})
export type Question = z.infer<typeof Question>

/**
 * The input of an approval whose kind is `question`. It is answered by allowing it with `updatedInput`: the same input
 * and `answers`, by the question's text; several labels are joined by `, `, and other words than a label are allowed.
 */
export const QuestionInput = z.object({
  questions: z.array(Question),
  answers: z.optional(z.record(z.string(), z.string())),
})
export type QuestionInput = z.infer<typeof QuestionInput>

/** The input of an approval whose kind is `plan`; allowed with another `plan`, that one is followed. */
export const PlanInput = z.object({ plan: z.optional(z.string()) })
export type PlanInput = z.infer<typeof PlanInput>
