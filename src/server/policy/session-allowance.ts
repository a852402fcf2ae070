import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { describeGrant, grantCovers, type SessionGrant } from './session-grant.ts'

/**
 * What a person granted to the session, or its mode, allows without asking, in words; null for nothing.
 * @param mayAccept whether the mode that accepts edits counts
 */
export async function grantFor(
  { ask, context: { cwd, mode }, grants, riskLevel }: PolicyQuestion,
  mayAccept: boolean,
): Promise<string | null> {
  const grant = grants.find((candidate) => grantCovers(candidate, ask, cwd))
  if (grant && (await stillHolds(grant, ask, cwd))) return describeGrant(grant)
  const isOrdinaryEdit = mayAccept && mode === 'acceptEdits' && ask.approvalKind === 'edit' && riskLevel === 'low'
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
