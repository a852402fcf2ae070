import { ActionCard } from './action-card.tsx'
import type { CardProps } from './card-props.ts'
import { PlanCard } from './plan-card.tsx'
import { QuestionCard } from './question-card.tsx'
import { ResolvedCard } from './resolved-card.tsx'

/** One request, as the card of its kind. Give it the request's id as key: a card never changes what it asks. */
export function ApprovalCard(props: CardProps) {
  const { request, resolution } = props.approval
  if (resolution !== null) return <ResolvedCard {...props} resolution={resolution} />
  if (request.approvalKind === 'question') return <QuestionCard {...props} />
  return request.approvalKind === 'plan' ? <PlanCard {...props} /> : <ActionCard {...props} />
}
