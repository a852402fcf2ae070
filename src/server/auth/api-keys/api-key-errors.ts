import type { Scope } from '#protocol/permissions'
import { DomainError } from '../../platform/domain-error.ts'

/** No such key, or another user's: told alike. */
export class ApiKeyNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such API key. It may have been revoked already.')
  }
}

export class TooManyApiKeysError extends DomainError {
  constructor(limit: number) {
    super('CONFLICT', `There are ${String(limit)} API keys already, which is as many as one user may have. Revoke one first.`)
  }
}

/** A key can do no more than whoever makes it. */
export class ScopesNotHeldError extends DomainError {
  constructor(scopes: readonly Scope[]) {
    const names = scopes.map((scope) => `"${scope}"`).join(', ')
    super('BAD_REQUEST', `A key cannot do more than you can: leave out ${names}.`, {
      details: { fields: [{ field: 'scopes', problem: `has ${names}, which your role does not allow` }] },
    })
  }
}

export class ExpiryPassedError extends DomainError {
  constructor() {
    super('BAD_REQUEST', 'The key would have expired already. Choose a time to come, or none.', {
      details: { fields: [{ field: 'expiresAt', problem: 'is in the past' }] },
    })
  }
}
