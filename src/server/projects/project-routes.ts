import * as z from 'zod/mini'
import { ProjectId } from '#protocol/ids'
import { PageQuery, pageOf } from '#protocol/lists'
import { CreateProject, FolderListing, Project, UpdateProject } from '#protocol/projects'
import { principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { ProjectService } from './project-service.ts'

const Params = z.strictObject({ projectId: ProjectId })
const FoldersQuery = z.object({ path: z.optional(z.string().check(z.maxLength(4096))) })

export function registerProjectRoutes(router: Router, projects: ProjectService): void {
  const unused = { params: Unused, query: Unused, body: Unused } as const

  router.add(
    { ...unused, method: 'GET', path: '/projects', summary: 'The projects', query: PageQuery, response: pageOf(Project) },
    async ({ query }) => projects.list(query.limit, query.cursor),
  )
  router.add(
    { ...unused, method: 'POST', path: '/projects', summary: 'Add a folder', body: CreateProject, response: Project, status: 201 },
    async ({ body, request }) => projects.create(body, principalOf(request)),
  )
  router.add(
    { ...unused, method: 'GET', path: '/projects/:projectId', summary: 'One project', params: Params, response: Project },
    async ({ params }) => projects.get(params.projectId),
  )
  router.add(
    {
      ...unused,
      method: 'PATCH',
      path: '/projects/:projectId',
      summary: 'Rename, trust or distrust, or set how long requests wait',
      params: Params,
      body: UpdateProject,
      response: Project,
    },
    async ({ params, body, request }) => projects.update(params.projectId, body, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'DELETE',
      path: '/projects/:projectId',
      summary: 'Remove from the list; files stay',
      params: Params,
      response: null,
    },
    async ({ params, request }) => projects.remove(params.projectId, principalOf(request)),
  )
  router.add(
    { ...unused, method: 'GET', path: '/folders', summary: 'One level of the folder picker', query: FoldersQuery, response: FolderListing },
    async ({ query }) => projects.listFolders(query.path ?? null),
  )
}
