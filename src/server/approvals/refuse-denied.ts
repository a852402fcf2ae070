import { ForbiddenError } from '../http/principal.ts'
import type { ApprovalPolicy } from './approval-policy.ts'
import type { Asked } from './approval-subject.ts'

/**
 * What a rule forbids nobody allows by hand: neither a call that a rule came to forbid while it waited, nor one that a
 * person made of it.
 * @param asked nothing where no agent waits for the answer in this process, so that nothing will run
 * @throws ForbiddenError
 */
export async function refuseDenied(
  policy: ApprovalPolicy,
  asked: Asked | undefined,
  updatedInput: Record<string, unknown> | undefined,
): Promise<void> {
  if (!asked) return
  const { subject } = asked
  const ask = updatedInput === undefined ? asked.ask : policy.withInput(asked.ask, updatedInput, subject)
  const { level } = await policy.assess(ask, subject.cwd)
  const { decision, rule } = await policy.decide({ ask, context: subject, riskLevel: level })
  if (decision === 'deny') throw new ForbiddenError(`The policy forbids this call, so it cannot be allowed here: ${rule}`)
}
