import { basename } from 'node:path'
import type { Kysely } from 'kysely'
import { ProjectId } from '#protocol/ids'
import type { Page } from '#protocol/lists'
import type { CreateProject, FolderListing, Project, UpdateProject } from '#protocol/projects'
import { ForbiddenError, type Principal } from '../http/principal.ts'
import { type AuditEntry, recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import { isUniqueViolation } from '../platform/database.ts'
import type { EventBus } from '../platform/event-bus.ts'
import { newId } from '../platform/new-id.ts'
import type { Tables } from '../platform/schema.ts'
import { EVERYONE } from '../platform/topics.ts'
import { ProjectExistsError, ProjectNotFoundError, ProjectUnavailableError } from './project-errors.ts'
import { ProjectRepository, type ProjectRow } from './project-repository.ts'
import { isFolder, type WorkspaceFolders } from './workspace-folders.ts'

export interface ProjectServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  folders: WorkspaceFolders
  /** Called when agents that run in a project must end: it was removed, or its trust changed. */
  endAgents: (id: ProjectId, reason: 'removed' | 'settings-changed') => Promise<void>
}

/** The folders that people opened to agents. */
export class ProjectService {
  readonly #deps: ProjectServiceDeps
  readonly #projects: ProjectRepository

  constructor(deps: ProjectServiceDeps) {
    this.#deps = deps
    this.#projects = new ProjectRepository(deps.database)
  }

  async list(limit: number, cursor: string | undefined): Promise<Page<Project>> {
    const offset = offsetOf(cursor)
    const rows = await this.#projects.list({ limit: limit + 1, offset })
    const items = await Promise.all(rows.slice(0, limit).map(toProject))
    return { items, nextCursor: rows.length > limit ? String(offset + limit) : null }
  }

  /** @throws ProjectNotFoundError */
  async get(id: ProjectId): Promise<Project> {
    return toProject(await this.#find(id))
  }

  /**
   * The project, ready for an agent to work in.
   * @throws ProjectNotFoundError | ProjectUnavailableError | OutsideWorkspacesError
   */
  async open(id: ProjectId): Promise<Project> {
    const project = await this.get(id)
    if (!project.available || !(await this.#deps.folders.isUnmoved(project.path))) throw new ProjectUnavailableError(project.path)
    await this.#projects.update(id, { last_opened_at: this.#deps.clock.now().toISOString() })
    return project
  }

  /**
   * Adds a folder to the list; one that was removed comes back with its sessions.
   * @throws NotAFolderError | OutsideWorkspacesError | HoldsOwnDataError | ProjectExistsError
   */
  async create({ path, name }: CreateProject, principal: Principal): Promise<Project> {
    const real = await this.#deps.folders.resolveProject(path)
    const existing = await this.#projects.findByPath(real)
    if (existing?.removed_at === null) throw new ProjectExistsError(existing.id)
    const id = existing?.id ?? ProjectId.parse(newId('prj'))
    const now = this.#deps.clock.now()
    const title = name ?? (basename(real) || real)
    await this.#deps.database.transaction().execute(async (transaction) => {
      const projects = new ProjectRepository(transaction)
      // Trust does not survive a removal: the folder's content may have changed since.
      if (existing) await projects.update(id, { name: title, removed_at: null, trusted_at: null })
      else await insertProject(projects, { id, name: title, path: real, userId: principal.user.id, at: now })
      await recordAudit(transaction, {
        at: now,
        actor: principal.user.username,
        device: principal.device,
        action: 'project.added',
        subject: id,
        details: { path: real },
      })
    })
    return this.#announce(id)
  }

  /** Seconds that requests of its agents wait; 0: no limit; null: as the server says. */
  async approvalTimeout(id: ProjectId): Promise<number | null> {
    return (await this.#projects.find(id))?.approval_timeout_seconds ?? null
  }

  /** @throws ProjectNotFoundError | ForbiddenError for a time-out, which is for owners and whoever added the project */
  async update(id: ProjectId, change: UpdateProject, principal: Principal): Promise<Project> {
    const { name, trusted, approvalTimeoutSeconds: seconds } = change
    const row = await this.#find(id)
    if (seconds !== undefined && row.created_by !== principal.user.id && !principal.scopes.has('admin'))
      throw new ForbiddenError('Only an owner or whoever added this project may change how long its requests wait.')
    const now = this.#deps.clock.now()
    await this.#deps.database.transaction().execute(async (transaction) => {
      await new ProjectRepository(transaction).update(id, {
        ...(name === undefined ? {} : { name }),
        ...(trusted === undefined ? {} : { trusted_at: trusted ? now.toISOString() : null }),
        ...(seconds === undefined ? {} : { approval_timeout_seconds: seconds }),
      })
      const by = { at: now, actor: principal.user.username, device: principal.device, subject: id }
      for (const entry of entriesOf(change, row)) await recordAudit(transaction, { ...by, ...entry })
    })
    if (trusted !== undefined) await this.#deps.endAgents(id, 'settings-changed')
    return this.#announce(id)
  }

  /** Takes the project off the list. Its files and sessions stay. @throws ProjectNotFoundError */
  async remove(id: ProjectId, principal: Principal): Promise<void> {
    await this.#find(id)
    const now = this.#deps.clock.now()
    await this.#deps.database.transaction().execute(async (transaction) => {
      await new ProjectRepository(transaction).update(id, { removed_at: now.toISOString() })
      await recordAudit(transaction, {
        at: now,
        actor: principal.user.username,
        device: principal.device,
        action: 'project.removed',
        subject: id,
      })
    })
    this.#deps.bus.publish(EVERYONE, JSON.stringify({ type: 'projects-updated', removedId: id }))
    await this.#deps.endAgents(id, 'removed')
  }

  listFolders(path: string | null): Promise<FolderListing> {
    return this.#deps.folders.list(path)
  }

  async #find(id: ProjectId): Promise<ProjectRow> {
    const row = await this.#projects.find(id)
    if (!row) throw new ProjectNotFoundError()
    return row
  }

  async #announce(id: ProjectId): Promise<Project> {
    const project = await this.get(id)
    this.#deps.bus.publish(EVERYONE, JSON.stringify({ type: 'projects-updated', project }))
    return project
  }
}

/** What the audit log says of a change. */
function entriesOf(
  { name, trusted, approvalTimeoutSeconds: seconds }: UpdateProject,
  before: ProjectRow,
): Pick<AuditEntry, 'action' | 'details'>[] {
  const details = { seconds, before: before.approval_timeout_seconds }
  return [
    ...(name === undefined ? [] : [{ action: 'project.renamed' as const }]),
    ...(trusted === undefined ? [] : [{ action: trusted ? ('project.trusted' as const) : ('project.distrusted' as const) }]),
    ...(seconds === undefined ? [] : [{ action: 'project.timeout_changed' as const, details }]),
  ]
}

/** A cursor is only ever one that we gave; anything else begins at the start. */
function offsetOf(cursor = '0'): number {
  const offset = Number(cursor)
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0
}

async function insertProject(
  projects: ProjectRepository,
  { id, name, path, userId, at }: { id: ProjectId; name: string; path: string; userId: Principal['user']['id']; at: Date },
): Promise<void> {
  try {
    await projects.insert({
      id,
      name,
      path,
      created_by: userId,
      created_at: at.toISOString(),
      last_opened_at: null,
      trusted_at: null,
      removed_at: null,
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProjectExistsError('')
    throw error
  }
}

async function toProject(row: ProjectRow): Promise<Project> {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    createdAt: row.created_at,
    lastOpenedAt: row.last_opened_at,
    available: await isFolder(row.path),
    trusted: row.trusted_at !== null,
    approvalTimeoutSeconds: row.approval_timeout_seconds,
  }
}
