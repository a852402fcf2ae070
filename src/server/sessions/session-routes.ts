import * as z from 'zod/mini'
import { ProjectId, SessionId } from '#protocol/ids'
import { PageQuery, pageOf } from '#protocol/lists'
import { ProviderStatus } from '#protocol/providers'
import { SequencedEvent } from '#protocol/session-events'
import { EventsQuery, Session, UpdateSession } from '#protocol/sessions'
import { principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { SessionAccess } from './session-access.ts'
import type { SessionService } from './session-service.ts'

const SessionParams = z.strictObject({ sessionId: SessionId })
const ProjectParams = z.strictObject({ projectId: ProjectId })

const unused = { params: Unused, query: Unused, body: Unused } as const

export interface SessionRoutesOptions {
  sessions: SessionService
  access: SessionAccess
  listProviders: () => Promise<ProviderStatus[]>
}

export function registerSessionRoutes(router: Router, { sessions, access, listProviders }: SessionRoutesOptions): void {
  router.add(
    { ...unused, method: 'GET', path: '/providers', summary: 'The agents and what they lack', response: pageOf(ProviderStatus) },
    async () => ({
      items: await listProviders(),
      nextCursor: null,
    }),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/sessions',
      summary: 'The sessions that one may read, newest first',
      query: PageQuery,
      response: pageOf(Session),
    },
    async ({ query, request }) => access.list(principalOf(request), query),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/projects/:projectId/sessions',
      summary: "A project's sessions, newest first",
      params: ProjectParams,
      query: PageQuery,
      response: pageOf(Session),
    },
    async ({ params, query, request }) => access.list(principalOf(request), { ...query, projectId: params.projectId }),
  )
  router.add(
    { ...unused, method: 'GET', path: '/sessions/:sessionId', summary: 'One session', params: SessionParams, response: Session },
    async ({ params, request }) => access.get(params.sessionId, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'PATCH',
      path: '/sessions/:sessionId',
      summary: 'Change title, mode or model',
      params: SessionParams,
      body: UpdateSession,
      response: Session,
    },
    async ({ params, body, request }) => sessions.update(params.sessionId, body, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/sessions/:sessionId/events',
      summary: "The session's events",
      params: SessionParams,
      query: EventsQuery,
      response: pageOf(SequencedEvent),
    },
    async ({ params, query, request }) => access.events(params.sessionId, principalOf(request), query),
  )
}
