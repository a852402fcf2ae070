import type { Migration } from './migration.ts'

/** The rules of the policy, one row each, and the one row with its version and preset. */
export const policy: Migration = {
  name: 'policy',
  async up(db) {
    await db.schema
      .createTable('policy_rules')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('decision', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('match', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('author', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('policy_rules_expires_at').on('policy_rules').column('expires_at').execute()
    await db.schema
      .createTable('policy_state')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('preset', 'text', (c) => c.notNull())
      .execute()
    await db.insertInto('policy_state').values({ id: 1, version: 1, preset: 'careful' }).execute()
  },
}
