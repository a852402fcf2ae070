import type { Migration } from './migration.ts'

/** The history of decisions, newest first. */
export const decidedApprovals: Migration = {
  name: 'decided-approvals',
  async up(db) {
    await db.schema.createIndex('approvals_resolved').on('approvals').columns(['resolved_at', 'id']).execute()
  },
}
