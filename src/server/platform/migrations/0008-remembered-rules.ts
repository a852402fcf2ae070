import type { Migration } from './migration.ts'

/** What is remembered of decisions lies among the rules; past calls of a project are looked through. */
export const rememberedRules: Migration = {
  name: 'remembered-rules',
  async up(db) {
    await db.schema.alterTable('approvals').dropColumn('offered_grants').execute()
    await db.schema.alterTable('approvals').dropColumn('session_grant').execute()
    await db.schema.createIndex('approvals_project').on('approvals').columns(['project_id', 'created_at', 'id']).execute()
  },
}
