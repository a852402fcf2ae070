import type { PolicyAnswer, PolicyQuestion } from '../approvals/approval-policy.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { factsOf } from './call-facts.ts'
import { describeGrant, grantCovers, type SessionGrant } from './session-grant.ts'

const ASK: PolicyAnswer = { decision: 'ask', rule: 'No rule covers it', isRoutine: false }

/** What is decided about a call without asking. Anything unclear is asked. */
export async function automaticDecision(question: PolicyQuestion, dataDirectory: string): Promise<PolicyAnswer> {
  const { ask, context, riskLevel } = question
  if (ask.approvalKind === 'question' || ask.approvalKind === 'plan' || riskLevel === 'high') return ASK
  const rule = await ruleFor(question)
  if (rule !== null) return { decision: 'allow', rule, isRoutine: false }
  const { onlyReads } = await factsOf(ask, { ...context, dataDirectory })
  return onlyReads ? { decision: 'allow', rule: 'Only reads inside the project', isRoutine: true } : ASK
}

async function ruleFor({ ask, context: { cwd, mode }, grants, riskLevel }: PolicyQuestion): Promise<string | null> {
  const grant = grants.find((candidate) => grantCovers(candidate, ask, cwd))
  if (grant && (await stillHolds(grant, ask, cwd))) return describeGrant(grant)
  const isOrdinaryEdit = mode === 'acceptEdits' && ask.approvalKind === 'edit' && riskLevel === 'low'
  return isOrdinaryEdit && (await writesInside(ask.writes, cwd)) ? 'Mode: accept edits' : null
}

/** A file that was granted may have become a link since. */
async function stillHolds(grant: SessionGrant, ask: ApprovalAsk, cwd: string): Promise<boolean> {
  return grant.kind !== 'file' || writesInside(ask.writes, cwd)
}

/** Whether every path leads, through links, to inside the project. */
async function writesInside(paths: readonly string[], cwd: string): Promise<boolean> {
  if (paths.length === 0) return false
  try {
    const root = await resolveThroughLinks(cwd)
    const real = await Promise.all(paths.map(resolveThroughLinks))
    return real.every((path) => isWithin(root, path))
  } catch {
    // What cannot be resolved cannot be vouched for.
    return false
  }
}
