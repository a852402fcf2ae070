import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { hash } from '@node-rs/bcrypt'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import type { Role } from '#protocol/auth'
import { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import { type Database, openDatabase } from '../../src/server/platform/database.ts'
import { newId } from '../../src/server/platform/new-id.ts'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'

const AT = '2026-11-01T12:00:00.000Z'
const MAX_PAGES = 1_073_741_823

/** A real encrypted database in a folder of its own. */
export async function createTestDatabase(onEnd: OnEnd = onTestFinished): Promise<Database> {
  const folder = await temporaryFolder(onEnd)
  const database = await openDatabase(join(folder, 'test.db'), randomBytes(32))
  onEnd(() => database.destroy())
  return database
}

/** Makes SQLite report SQLITE_FULL as soon as it needs another page. Returns what gives the space back. */
export async function fillDisk(database: Database): Promise<() => Promise<void>> {
  await sql`pragma max_page_count = 1`.execute(database)
  return async () => {
    await sql`pragma max_page_count = ${sql.raw(String(MAX_PAGES))}`.execute(database)
  }
}

export interface UserRow {
  username: string
  password: string
  /** Member unless said. */
  role?: Role
}

/** An account without the way through registration; a cheap hash keeps it fast. */
export async function insertUser(database: Database, { username, password, role = 'member' }: UserRow): Promise<UserId> {
  const id = UserId.parse(newId('usr'))
  const passwordHash = await hash(password, { cost: 4 })
  await database
    .insertInto('users')
    .values({
      id,
      username,
      username_key: username.toLowerCase(),
      password_hash: passwordHash,
      role,
      created_at: AT,
      last_login_at: null,
      disabled_at: null,
      removed_at: null,
      password_changed_at: null,
    })
    .execute()
  return id
}

export interface SessionOwner {
  userId: UserId
  projectId: ProjectId
  sessionId: SessionId
}

/** A user with a project and a session in it, as rows. */
export async function insertSession(database: Database, path = `/${newId('nowhere')}`): Promise<SessionOwner> {
  const userId = await insertUser(database, { username: newId('ada'), password: 'unused words' })
  const projectId = ProjectId.parse(newId('prj'))
  const sessionId = SessionId.parse(newId('ses'))
  await database
    .insertInto('projects')
    .values({
      id: projectId,
      name: 'Project',
      path,
      created_by: userId,
      created_at: AT,
      last_opened_at: null,
      trusted_at: null,
      removed_at: null,
    })
    .execute()
  await database
    .insertInto('sessions')
    .values({
      id: sessionId,
      user_id: userId,
      project_id: projectId,
      provider: ProviderId.parse('claude'),
      native_id: null,
      title: 'A session',
      state: 'idle',
      mode: 'default',
      model: null,
      thinking: null,
      usage: null,
      last_seq: 0,
      owner: null,
      client_id: newId('cli'),
      created_at: AT,
      updated_at: AT,
    })
    .execute()
  return { userId, projectId, sessionId }
}
