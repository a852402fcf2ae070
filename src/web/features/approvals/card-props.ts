import type { ReactNode } from 'react'
import type { PendingApproval } from './pending-approvals.ts'

/** What every card is given. */
export interface CardProps {
  approval: PendingApproval
  /** The agent's name. */
  agentName: string
  /** From 1, where several wait in the same place. */
  position?: { index: number; total: number }
  /** Whose request it is, where the place does not say. */
  context?: ReactNode
}
