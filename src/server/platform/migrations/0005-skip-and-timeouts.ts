import type { Migration } from './migration.ts'

/** Until when a session skips approvals, and how long a project's requests wait. */
export const skipAndTimeouts: Migration = {
  name: 'skip-and-timeouts',
  async up(db) {
    await db.schema.alterTable('sessions').addColumn('mode_until', 'text').execute()
    await db.schema.alterTable('projects').addColumn('approval_timeout_seconds', 'integer').execute()
  },
}
