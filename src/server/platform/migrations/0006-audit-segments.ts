import type { Migration } from './migration.ts'

/** Old entries of the audit log may move to sealed files; how far each forward of the log has come. */
export const auditSegments: Migration = {
  name: 'audit-segments',
  async up(db) {
    await db.schema
      .createTable('audit_segments')
      .addColumn('first', 'integer', (c) => c.primaryKey())
      .addColumn('last', 'integer', (c) => c.notNull().unique())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('file', 'text', (c) => c.notNull())
      .addColumn('sha256', 'text', (c) => c.notNull())
      .addColumn('bytes', 'integer', (c) => c.notNull())
      .addColumn('sealed_at', 'text', (c) => c.notNull())
      .addColumn('checkpoint', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_forwards')
      .addColumn('target', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('checkpoint_seq', 'integer', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .execute()
  },
}
