import type { PermissionMode } from '#protocol/providers'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { describeGrant, grantCovers, type SessionGrant } from './session-grant.ts'

export interface PolicyQuestion {
  ask: ApprovalAsk
  cwd: string
  mode: PermissionMode
  grants: readonly SessionGrant[]
  riskLevel: 'low' | 'medium' | 'high'
}

/**
 * The rule that allows a call without asking, in words, or null when a person decides. Anything unclear is asked.
 */
export async function automaticDecision({ ask, cwd, mode, grants, riskLevel }: PolicyQuestion): Promise<string | null> {
  if (ask.approvalKind === 'question' || ask.approvalKind === 'plan' || riskLevel === 'high') return null
  const grant = grants.find((candidate) => grantCovers(candidate, ask, cwd))
  if (grant && (await stillHolds(grant, ask, cwd))) return describeGrant(grant)
  if (mode === 'acceptEdits' && ask.approvalKind === 'edit' && riskLevel === 'low' && (await writesInside(ask.writes, cwd))) {
    return 'Mode: accept edits'
  }
  return null
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
