import type { ColumnType } from 'kysely'
import type { RuleId } from '#protocol/ids'
import type { PolicyDecision, PolicyPreset } from '#protocol/policy'

type Fixed<T> = ColumnType<T, T, never>

export interface PolicyRulesTable {
  id: Fixed<RuleId>
  decision: PolicyDecision
  /** JSON of the protocol's RuleScope. */
  scope: string
  /** JSON of the protocol's RuleMatch. */
  match: string
  reason: string
  expires_at: string | null
  author: Fixed<string>
  created_at: Fixed<string>
}

/** One row, number 1. */
export interface PolicyStateTable {
  id: Fixed<number>
  version: number
  preset: PolicyPreset
}
