import type { FreezeState } from '#protocol/approvals'
import type { RequestId } from '#protocol/ids'
import type { DecidedBy } from '#protocol/session-events'
import { DomainError } from '../platform/domain-error.ts'

export class ApprovalNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such request.')
  }
}

/** Somebody or something else was first. */
export class AlreadyResolvedError extends DomainError {
  constructor(outcome: string, by: DecidedBy, at: string) {
    const who = by.kind === 'user' ? `${by.name}${by.device ? ` on ${by.device}` : ''}` : by.name
    super('ALREADY_RESOLVED', `This request is ${outcome} already, by ${who}.`, { details: { outcome, by, at } })
  }
}

/** The answer was given to something else than what waits. */
export class InputChangedError extends DomainError {
  constructor() {
    super('CONFLICT', 'The answer names another input than the one that waits. Look at the request again.')
  }
}

export class EditRefusedError extends DomainError {
  constructor(reason: string) {
    super('BAD_REQUEST', reason, { details: { fields: [{ field: 'updatedInput', problem: reason }] } })
  }
}

export class GrantUnknownError extends DomainError {
  constructor(field: 'remember' | 'rememberFor') {
    super('BAD_REQUEST', 'This cannot be remembered with this request, or not for so long. Look at what it offers.', {
      details: { fields: [{ field, problem: 'is not offered' }] },
    })
  }
}

/** What the decision is bound to is not as it was shown. */
export class StaleRequestError extends DomainError {
  /** @param change the beginning of a sentence, such as `The file "deploy.sh"` */
  constructor(change: string, nextRequestId: RequestId | null) {
    const next = nextRequestId === null ? 'The request was cancelled.' : 'It is asked anew as it is now.'
    super('STALE_VERSION', `${change} has changed since this was shown, so the answer does not count. ${next}`, {
      details: { change, ...(nextRequestId === null ? {} : { nextRequestId }) },
    })
  }
}

/** Everything is frozen. */
export class FrozenError extends DomainError {
  constructor({ by, at, reason }: FreezeState) {
    const why = reason === null ? '' : ` (${reason})`
    super('FROZEN', `All agents are frozen by ${by ?? 'somebody'}${why}. An owner can release them.`, { details: { by, at, reason } })
  }
}

export class ExtensionRefusedError extends DomainError {
  constructor(reason: string) {
    super('CONFLICT', reason)
  }
}

/** Somebody else extended it at the same moment; it waits on. */
export class ExtendedMeanwhileError extends DomainError {
  constructor() {
    super('CONFLICT', 'Somebody else extended this request at the same moment. Look at its new end.')
  }
}
