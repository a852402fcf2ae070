import type { LoginId } from '#protocol/ids'
import type { AccountNotice } from '#protocol/logins'

/** Whether somebody may be at work in the account right now. */
export function isAlarming({ kind }: AccountNotice): boolean {
  return kind === 'refresh-reused'
}

/**
 * The notices for this device, the most urgent first and then the newest. What this device did itself it need not be told;
 * the others are to see that, so it stays unread.
 */
export function noticesFor(currentLogin: LoginId | null, notices: readonly AccountNotice[]): AccountNotice[] {
  return notices
    .filter(({ loginId }) => loginId === null || loginId !== currentLogin)
    .sort((a, b) => Number(isAlarming(b)) - Number(isAlarming(a)) || b.at.localeCompare(a.at))
}
