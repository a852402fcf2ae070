import { DomainError } from '../platform/domain-error.ts'

export class StalePolicyError extends DomainError {
  constructor(version: number) {
    super('STALE_VERSION', 'The policy was changed since you read it. Read it again, bring your change over and save.', {
      details: { version },
    })
  }
}

export class RuleNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such rule.')
  }
}

/** A decision cannot be remembered: there are as many rules as can be looked after. */
export class TooManyRulesError extends DomainError {
  constructor() {
    super('CONFLICT', 'There are too many rules to remember another one. Allow it once, or take rules away that are no longer needed.')
  }
}

export interface RuleFault {
  /** Such as `rules.3.match`. */
  field: string
  problem: string
}

/** @param faults at least one */
export class InvalidRulesError extends DomainError {
  constructor(faults: readonly RuleFault[]) {
    const [first] = faults
    super('BAD_REQUEST', `The policy was not saved: ${first ? `${first.field} ${first.problem}` : 'a rule is not valid'}.`, {
      details: { fields: faults.slice(0, 20) },
    })
  }
}

export class PresetNotOfferedError extends DomainError {
  constructor() {
    super('POLICY_VIOLATION', 'The preset "trusting" is for a sandbox, and agents run without one here. Choose another preset.')
  }
}
