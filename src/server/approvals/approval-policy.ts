import type { ApprovalRequest } from '#protocol/approvals'
import type { OfferedGrant, SessionGrant } from '../policy/session-grant.ts'
import type { CallContext } from '../policy/call-facts.ts'
import type { ApprovalAsk } from '../providers/provider.ts'

/** A call, and on whose behalf it is made. */
export interface PolicyQuestion {
  ask: ApprovalAsk
  context: Omit<CallContext, 'dataDirectory'>
  grants: readonly SessionGrant[]
  riskLevel: 'low' | 'medium' | 'high'
}

/** What the policy makes of a call. `ask`: a person decides. */
export interface PolicyAnswer {
  decision: 'allow' | 'ask' | 'deny'
  /** The rule in words: it is audited and shown as who decided. */
  rule: string
  /** Such as reading inside the project: written down like every decision, but not told in the session. */
  isRoutine: boolean
  /** Allowed for nothing but that the session skips approvals, which must still hold when it is written down. */
  isSkipped: boolean
}

/** What approvals need of the policy. */
export interface ApprovalPolicy {
  /** How dangerous a call looks and what may be granted with it for the rest of the session. */
  assess(ask: ApprovalAsk, cwd: string): { risk: ApprovalRequest['risk']; offered: OfferedGrant[] }
  decide(question: PolicyQuestion): Promise<PolicyAnswer>
  /** The words of every simple command that a call provably is; null where that cannot be told. */
  commandsOf(ask: ApprovalAsk): readonly (readonly string[])[] | null
  /** Reads back what was stored. */
  parseGrant(stored: unknown): SessionGrant
  parseOffered(stored: unknown): OfferedGrant[]
}
