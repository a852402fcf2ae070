import { DomainError } from '../../platform/domain-error.ts'

export class UserNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such user. The account may have been removed.')
  }
}

/** Nobody changes their own rights: a mistake could only be mended by somebody else. */
export class OwnAccountError extends DomainError {
  constructor() {
    super('CONFLICT', 'You cannot change your own role, or disable or remove your own account. Ask another owner to do it.')
  }
}

/** An installation without an owner could not be managed any more. */
export class LastOwnerError extends DomainError {
  constructor() {
    super('CONFLICT', 'This is the only owner, and there must be one. Make somebody else an owner first.')
  }
}

export class NameTakenError extends DomainError {
  constructor() {
    super('CONFLICT', 'That user name is taken. Choose another one.')
  }
}

/** Letters of another alphabet, or others of the same, that read as somebody else's name. */
export class LookAlikeNameError extends DomainError {
  constructor() {
    super('CONFLICT', 'That user name looks like the one of somebody else. Choose another one.')
  }
}

/** Wrong, used, expired, revoked, or by somebody who may not invite any more: told alike. */
export class InvitationRefusedError extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This invitation is not valid any more. Ask whoever invited you for a new one.')
  }
}

export class InvitationNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such invitation. It may have been used, revoked, or have expired.')
  }
}

export class TooManyInvitationsError extends DomainError {
  constructor(most: number) {
    super('CONFLICT', `${String(most)} invitations are open already. Revoke those that nobody needs.`)
  }
}
