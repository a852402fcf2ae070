import type { Question } from '#protocol/question-input'

/** What a person chose for one question so far. */
export interface QuestionDraft {
  labels: readonly string[]
  /** Words of their own; they count while `isOther`. */
  other: string
  isOther: boolean
}

export type QuestionDrafts = Readonly<Partial<Record<string, QuestionDraft>>>

const EMPTY: QuestionDraft = { labels: [], other: '', isOther: false }

export function draftOf(drafts: QuestionDrafts, question: Question): QuestionDraft {
  return drafts[question.question] ?? EMPTY
}

/** The draft after a press on an option: one takes the place of another, unless several may be chosen. */
export function toggleLabel(draft: QuestionDraft, question: Question, label: string): QuestionDraft {
  if (question.multiSelect !== true) return { ...draft, labels: [label], isOther: false }
  const labels = draft.labels.includes(label) ? draft.labels.filter((chosen) => chosen !== label) : [...draft.labels, label]
  return { ...draft, labels }
}

export function toggleOther(draft: QuestionDraft, question: Question): QuestionDraft {
  if (question.multiSelect !== true) return { ...draft, labels: [], isOther: true }
  return { ...draft, isOther: !draft.isOther }
}

/** The answer to one question in the order of its options, or null while there is none. */
export function answerOf(draft: QuestionDraft, question: Question): string | null {
  const chosen = question.options.map(({ label }) => label).filter((label) => draft.labels.includes(label))
  const other = draft.other.trim()
  if (draft.isOther && other === '') return null
  const parts = draft.isOther ? [...chosen, other] : chosen
  return parts.length === 0 ? null : parts.join(', ')
}

/** Every question's answer by its text, or null while one is missing. */
export function answersOf(drafts: QuestionDrafts, questions: readonly Question[]): Record<string, string> | null {
  const answers: Record<string, string> = {}
  for (const question of questions) {
    const answer = answerOf(draftOf(drafts, question), question)
    if (answer === null) return null
    answers[question.question] = answer
  }
  return answers
}
