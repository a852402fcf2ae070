import type { Insertable, Kysely, Selectable, Updateable } from 'kysely'
import type { ProjectId } from '#protocol/ids'
import type { ProjectsTable, Tables } from '../platform/schema.ts'

export type ProjectRow = Selectable<ProjectsTable>

/** All SQL of projects. Removed ones stay as rows, since sessions refer to them. */
export class ProjectRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  list(page: { limit: number; offset: number }): Promise<ProjectRow[]> {
    return this.#db
      .selectFrom('projects')
      .selectAll()
      .where('removed_at', 'is', null)
      .orderBy('name')
      .orderBy('id')
      .limit(page.limit)
      .offset(page.offset)
      .execute()
  }

  find(id: ProjectId): Promise<ProjectRow | undefined> {
    return this.#db.selectFrom('projects').selectAll().where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
  }

  /** Also finds a removed one. */
  findByPath(path: string): Promise<ProjectRow | undefined> {
    return this.#db.selectFrom('projects').selectAll().where('path', '=', path).executeTakeFirst()
  }

  async insert(row: Insertable<ProjectsTable>): Promise<void> {
    await this.#db.insertInto('projects').values(row).execute()
  }

  async update(id: ProjectId, change: Updateable<ProjectsTable>): Promise<void> {
    await this.#db.updateTable('projects').set(change).where('id', '=', id).execute()
  }
}
