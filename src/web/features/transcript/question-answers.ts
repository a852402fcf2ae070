import { QuestionInput } from '#protocol/question-input'

/** The questions that an agent asked, with the answers once there are any. */
export function questionsOf(input: unknown): { question: string; answer: string | null }[] {
  const parsed = QuestionInput.safeParse(input)
  if (!parsed.success) return []
  const { questions, answers } = parsed.data
  return questions.map(({ question }) => ({ question, answer: answers?.[question] ?? null }))
}
