import type { DecidedBy } from '#protocol/session-events'
import type { ApprovalVerdict } from '../providers/provider.ts'
import { FrozenError } from './approval-errors.ts'

/*
 * Ends that no person and no rule decided.
 */

export const BY_FAILURE: DecidedBy = { kind: 'system', name: 'storage failure' }
export const BY_TIMEOUT: DecidedBy = { kind: 'system', name: 'time-out' }
export const BY_INTERRUPT: DecidedBy = { kind: 'system', name: 'interrupt' }
/** What the decision is bound to changed since it was shown. */
export const BY_CHANGE: DecidedBy = { kind: 'system', name: 'changed since it was shown' }

export const UNRECORDED: ApprovalVerdict = {
  outcome: 'denied',
  message: 'The decision could not be recorded, so it was denied. Try again later.',
}

/** What an agent is told where its request could not be asked or its decision not be read. */
export function refusalFor(failure: unknown): ApprovalVerdict {
  return failure instanceof FrozenError ? { outcome: 'denied', message: `${failure.message} Stop, and wait for the user.` } : UNRECORDED
}
