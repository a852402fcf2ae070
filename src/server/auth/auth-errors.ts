import { DomainError } from '../platform/domain-error.ts'

/** Unknown user, wrong password and disabled user alike. */
export class InvalidCredentialsError extends DomainError {
  constructor() {
    super('INVALID_CREDENTIALS', 'Wrong name or password.')
  }
}

export class PasswordRejectedError extends DomainError {
  constructor(reason: string) {
    super('PASSWORD_REJECTED', reason, { details: { fields: [{ field: 'password', problem: reason }] } })
  }
}

/** Registration once there is an account, or with a setup code that is not the one printed on the host. */
export class RegistrationRefusedError extends DomainError {
  constructor(reason: string) {
    super('FORBIDDEN', reason)
  }
}

/** A refresh token was presented that had been exchanged before: somebody else may hold a copy, so its whole login ends. */
export class RefreshReusedError extends DomainError {
  constructor() {
    super(
      'REFRESH_REUSED',
      'This login was ended because its refresh token was used twice, which can mean that somebody copied it. Sign in again.',
    )
  }
}

export class TooManyAttemptsError extends DomainError {
  constructor(seconds: number) {
    super('RATE_LIMITED', `Too many attempts. Try again in ${String(seconds)} seconds.`, {
      retryAfter: seconds,
      details: { retryAfter: seconds },
    })
  }
}
