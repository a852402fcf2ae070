import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'

/** What the session's mode allows without asking, in words; null for nothing. */
export async function acceptedByMode({ ask, context: { cwd, mode }, riskLevel }: PolicyQuestion): Promise<string | null> {
  const isOrdinaryEdit = mode === 'acceptEdits' && ask.approvalKind === 'edit' && riskLevel === 'low'
  return isOrdinaryEdit && (await writesInside(ask.writes, cwd)) ? 'Mode: accept edits' : null
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
