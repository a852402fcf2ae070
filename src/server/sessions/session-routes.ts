import * as z from 'zod/mini'
import { ProjectId, SessionId } from '#protocol/ids'
import { PageQuery, pageOf } from '#protocol/lists'
import { ProviderStatus } from '#protocol/providers'
import { SequencedEvent } from '#protocol/session-events'
import { EventsQuery, Session, UpdateSession } from '#protocol/sessions'
import { principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { SessionService } from './session-service.ts'

const SessionParams = z.strictObject({ sessionId: SessionId })
const ProjectParams = z.strictObject({ projectId: ProjectId })

const unused = { params: Unused, query: Unused, body: Unused } as const

export function registerSessionRoutes(router: Router, sessions: SessionService, listProviders: () => Promise<ProviderStatus[]>): void {
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
      summary: "The user's sessions, newest first",
      query: PageQuery,
      response: pageOf(Session),
    },
    async ({ query, request }) => sessions.list(principalOf(request).user.id, undefined, query.limit, query.cursor),
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
    async ({ params, query, request }) => sessions.list(principalOf(request).user.id, params.projectId, query.limit, query.cursor),
  )
  router.add(
    { ...unused, method: 'GET', path: '/sessions/:sessionId', summary: 'One session', params: SessionParams, response: Session },
    async ({ params, request }) => sessions.get(params.sessionId, principalOf(request).user.id),
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
    async ({ params, query, request }) => sessions.events(params.sessionId, principalOf(request).user.id, query.after, query.limit),
  )
}
