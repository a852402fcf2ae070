import type { Kysely } from 'kysely'
import type { Router } from '../http/route.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Tables } from '../platform/schema.ts'
import { registerProjectRoutes } from './project-routes.ts'
import { ProjectService, type ProjectServiceDeps } from './project-service.ts'
import { WorkspaceFolders } from './workspace-folders.ts'

export interface ProjectsDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  workspacesRoots: readonly string[]
  dataDirectory: string
  endAgents: ProjectServiceDeps['endAgents']
}

/** All that the rest of the server may know of projects. */
export function createProjects(deps: ProjectsDeps) {
  const service = new ProjectService({ ...deps, folders: new WorkspaceFolders(deps.workspacesRoots, deps.dataDirectory) })
  return {
    service,
    registerRoutes: (router: Router) => {
      registerProjectRoutes(router, service)
    },
  }
}
