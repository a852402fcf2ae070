import type { ApprovalRequest } from '#protocol/approvals'

/** A clock that is off by less is taken as right. */
const TOLERANCE_MS = 2000

/**
 * When a request that came at `nowMs` is denied by itself, by this device's clock; null: never. Where that clock
 * contradicts the server's (it came before it was made, or after its end), the whole time is counted from now.
 */
export function deadlineOf({ createdAt, expiresAt }: Pick<ApprovalRequest, 'createdAt' | 'expiresAt'>, nowMs: number): number | null {
  if (expiresAt === null) return null
  const created = Date.parse(createdAt)
  const expires = Date.parse(expiresAt)
  const agrees = nowMs >= created - TOLERANCE_MS && nowMs < expires
  return agrees ? expires : nowMs + (expires - created)
}
