import { DomainError } from '../platform/domain-error.ts'

/** Unknown, or another user's: told alike. */
export class SessionNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such session.')
  }
}

export class ShuttingDownError extends DomainError {
  constructor() {
    super('NOT_READY', 'The server is shutting down. The session can be resumed once it runs again.')
  }
}

export class TooManyAgentsError extends DomainError {
  constructor(max: number) {
    super(
      'AGENT_UNAVAILABLE',
      `All ${String(max)} agents that may run at once are busy. Wait for one to finish or stop one; MAX_AGENTS sets how many there are.`,
    )
  }
}

/** The account that a session belongs to was disabled, removed or lost its role while a prompt was on its way. */
export class AgentNotAllowedError extends DomainError {
  constructor() {
    super('FORBIDDEN', 'The account that this session belongs to may not have agents work any more.')
  }
}
