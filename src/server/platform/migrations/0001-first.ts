import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Migration } from './migration.ts'

/** Accounts, projects, sessions with their event log, approvals, audit log. */
export const first: Migration = {
  name: 'first',
  async up(db) {
    for (const table of [...accountTables(db), ...workTables(db), ...decisionTables(db)]) await table.execute()
    for (const index of indexes(db)) await index.execute()
  },
}

function accountTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('users')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull())
      .addColumn('username_key', 'text', (c) => c.notNull().unique())
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_login_at', 'text')
      .addColumn('disabled_at', 'text'),
    db.schema
      .createTable('logins')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('device', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_used_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .addColumn('ended_at', 'text')
      .addColumn('end_reason', 'text'),
    db.schema
      .createTable('refresh_tokens')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('login_id', 'text', (c) => c.notNull().references('logins.id'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('used_at', 'text'),
    db.schema
      .createTable('ws_tickets')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('login_id', 'text', (c) => c.notNull().references('logins.id'))
      .addColumn('expires_at', 'text', (c) => c.notNull()),
  ]
}

function workTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('projects')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull().unique())
      .addColumn('created_by', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_opened_at', 'text')
      .addColumn('trusted_at', 'text')
      .addColumn('removed_at', 'text'),
    db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('project_id', 'text', (c) => c.notNull().references('projects.id'))
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('native_id', 'text')
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('model', 'text')
      .addColumn('thinking', 'integer')
      .addColumn('usage', 'text')
      .addColumn('last_seq', 'integer', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('client_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addUniqueConstraint('sessions_client_id', ['user_id', 'client_id']),
    db.schema
      .createTable('prompts')
      .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id'))
      .addColumn('client_id', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('is_logged', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('prompts_pk', ['session_id', 'client_id']),
    db.schema
      .createTable('session_events')
      .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id'))
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('event', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('session_events_pk', ['session_id', 'seq']),
    db.schema
      .createTable('agent_processes')
      .addColumn('pid', 'integer', (c) => c.notNull())
      .addColumn('birth', 'text', (c) => c.notNull())
      .addColumn('session_id', 'text', (c) => c.notNull())
      .addColumn('command', 'text', (c) => c.notNull())
      .addColumn('mark', 'text')
      .addColumn('started_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('agent_processes_pk', ['pid', 'birth']),
  ]
}

function decisionTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('approvals')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id'))
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('project_id', 'text', (c) => c.notNull())
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('input_hash', 'text', (c) => c.notNull())
      .addColumn('request', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('resolved_at', 'text')
      .addColumn('resolved_by', 'text')
      .addColumn('reason', 'text')
      .addColumn('updated_input', 'text')
      .addColumn('offered_grants', 'text', (c) => c.notNull())
      .addColumn('session_grant', 'text')
      .addColumn('next_mode', 'text'),
    db.schema
      .createTable('audit_log')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('subject', 'text')
      .addColumn('address', 'text')
      .addColumn('device', 'text')
      .addColumn('details', 'text', (c) => c.notNull()),
  ]
}

function indexes(db: Kysely<Tables>) {
  return [
    db.schema.createIndex('logins_user').on('logins').columns(['user_id', 'ended_at']),
    db.schema.createIndex('refresh_tokens_login').on('refresh_tokens').column('login_id'),
    db.schema.createIndex('sessions_project').on('sessions').columns(['project_id', 'updated_at']),
    db.schema.createIndex('sessions_user').on('sessions').columns(['user_id', 'updated_at']),
    db.schema.createIndex('approvals_user_status').on('approvals').columns(['user_id', 'status']),
    db.schema.createIndex('approvals_session_status').on('approvals').columns(['session_id', 'status']),
    db.schema.createIndex('audit_log_at').on('audit_log').column('at'),
  ]
}
