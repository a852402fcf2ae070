import type { Kysely } from 'kysely'
import type { PolicyPreset, PolicyRule } from '#protocol/policy'
import type { EventBus } from '../platform/event-bus.ts'
import type { Tables } from '../platform/schema.ts'
import { POLICY_CHANGED } from '../platform/topics.ts'
import { type CompiledRules, compileRules } from './compiled-rules.ts'
import { RuleRepository } from './rule-repository.ts'

/** The policy as it is stored. */
export interface PolicySnapshot {
  version: number
  preset: PolicyPreset
  rules: readonly PolicyRule[]
  compiled: CompiledRules
}

/** The policy in memory, read again after each change. */
export class PolicyStore {
  readonly #db: Kysely<Tables>
  readonly #bus: EventBus
  #present: Promise<PolicySnapshot> | null = null

  constructor(db: Kysely<Tables>, bus: EventBus) {
    this.#db = db
    this.#bus = bus
    // Whoever is reading meanwhile keeps what it has; nobody after this gets the same.
    bus.subscribe(POLICY_CHANGED, () => {
      this.#present = null
    })
  }

  snapshot(): Promise<PolicySnapshot> {
    if (this.#present) return this.#present
    const reading = this.#read()
    this.#present = reading
    reading.catch(() => {
      if (this.#present === reading) this.#present = null
    })
    return reading
  }

  /** To be called once a change is committed. */
  changed(): void {
    this.#bus.publish(POLICY_CHANGED, '')
  }

  #read(): Promise<PolicySnapshot> {
    return this.#db.transaction().execute(async (transaction) => {
      const repository = new RuleRepository(transaction)
      const rules = await repository.rules()
      return { ...(await repository.state()), rules, compiled: compileRules(rules) }
    })
  }
}
