import type { PasswordVerdict } from '#protocol/auth'
import type { FactorRequest } from '#protocol/factors'
import { DomainError } from '../platform/domain-error.ts'

/** Unknown user, wrong password and disabled user alike. */
export class InvalidCredentialsError extends DomainError {
  constructor(message = 'Wrong name or password.') {
    super('INVALID_CREDENTIALS', message)
  }
}

/** The password was right and a second factor is needed too. */
export class SecondFactorRequiredError extends DomainError {
  constructor(request: FactorRequest, hint = '') {
    super('TOTP_REQUIRED', `Confirm with your second factor.${hint}`, { details: request })
  }
}

/** A TOTP code, recovery code or passkey that was not accepted. Why is not told to whoever guesses. */
export class InvalidCodeError extends DomainError {
  constructor(message = 'The code is wrong, too old, or was used before.', cause?: unknown) {
    super('INVALID_CODE', message, { cause })
  }
}

/** A new password that may not be used: `details` says why to programs and what to do to people. */
export class PasswordRejectedError extends DomainError {
  constructor(sentence: string, verdict: PasswordVerdict) {
    super('PASSWORD_REJECTED', sentence, { details: { ...verdict, fields: [{ field: 'password', problem: sentence }] } })
  }
}

/** Registration once there is an account, or with a setup code that is not the one printed on the host. */
export class RegistrationRefusedError extends DomainError {
  constructor(reason: string) {
    super('FORBIDDEN', reason)
  }
}

export class MalformedAttemptError extends DomainError {
  constructor() {
    super('BAD_REQUEST', 'The header Idempotency-Key must be 16 to 128 letters, digits, "-" or "_". Make a random one for each attempt.')
  }
}

/** No login of whoever asks, or one that has ended already. */
export class LoginNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'This device is not signed in any more.')
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
