import { DomainError } from '../platform/domain-error.ts'

/** The agent cannot run here: not installed, not signed in, or it died while starting. */
export class AgentUnavailableError extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('AGENT_UNAVAILABLE', message, { cause })
  }
}
