import type { ApprovalRequest, ApprovalSuggestion, CallTargets } from '#protocol/approvals'
import type { Kysely } from 'kysely'
import type { Tables } from '../platform/schema.ts'
import type { Remembered } from '../policy/rule-memory.ts'
import type { CallContext } from '../policy/call-facts.ts'
import type { ApprovalAsk } from '../providers/provider.ts'

/** A call, and on whose behalf it is made. */
export interface PolicyQuestion {
  ask: ApprovalAsk
  context: Omit<CallContext, 'dataDirectory'>
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
  /** How dangerous a call looks. */
  assess(ask: ApprovalAsk, cwd: string): Promise<ApprovalRequest['risk']>
  decide(question: PolicyQuestion): Promise<PolicyAnswer>
  /** The same call with another input, as the agent's adapter would ask about it. */
  withInput(ask: ApprovalAsk, input: Record<string, unknown>, place: Pick<CallContext, 'provider' | 'cwd'>): ApprovalAsk
  /** Whether `decide` may find it routine, by its words alone; asked so that nothing is looked up for nothing. */
  mayBeRoutine(ask: ApprovalAsk): boolean
  /** The words of every simple command that a call provably is; null where that cannot be told. */
  commandsOf(ask: ApprovalAsk): readonly (readonly string[])[] | null
  /** What a person may allow from now on together with a call, the narrowest first. */
  suggest(question: PolicyQuestion): Promise<ApprovalSuggestion[]>
  /** Where a call seems to reach, for a person to see. */
  targets(question: PolicyQuestion): Promise<CallTargets>
  /** Makes a decision a rule, in the transaction of the decision. */
  remember(transaction: Kysely<Tables>, remembered: Remembered): Promise<void>
  /** To be called once that is committed. */
  changed(): void
}
