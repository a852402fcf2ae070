import type { ApprovalRequest } from '#protocol/approvals'
import type { OfferedGrant, SessionGrant } from '../policy/session-grant.ts'
import type { PolicyQuestion } from '../policy/automatic-decision.ts'
import type { ApprovalAsk } from '../providers/provider.ts'

/** What approvals need of the policy. */
export interface ApprovalPolicy {
  /** How dangerous a call looks and what may be granted with it for the rest of the session. */
  assess(ask: ApprovalAsk, cwd: string): { risk: ApprovalRequest['risk']; offered: OfferedGrant[] }
  /** The rule that allows a call without asking, in words; null when a person decides. */
  decide(question: PolicyQuestion): Promise<string | null>
  /** Reads back what was stored. */
  parseGrant(stored: unknown): SessionGrant
  parseOffered(stored: unknown): OfferedGrant[]
}
