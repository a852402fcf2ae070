import * as z from 'zod/mini'
import { InvitationId, UserId } from '#protocol/ids'
import { PageQuery, pageOf } from '#protocol/lists'
import { CreatedInvitation, CreateInvitation, Invitation, ManagedUser, UpdateUser } from '#protocol/users'
import type { FastifyRequest } from 'fastify'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { clientOf } from '../client.ts'
import type { InvitationService } from './invitation-service.ts'
import type { Manager, UserService } from './user-service.ts'

const UserParams = z.strictObject({ userId: UserId })
const InvitationParams = z.strictObject({ invitationId: InvitationId })

const unused = { params: Unused, query: Unused, body: Unused }

/** What owners do about users and invitations. */
export function registerUserRoutes(router: Router, { users, invitations }: { users: UserService; invitations: InvitationService }): void {
  router.add(
    { ...unused, method: 'GET', path: '/users', summary: 'The users, oldest first', query: PageQuery, response: pageOf(ManagedUser) },
    async ({ query }) => users.list(query),
  )
  router.add(
    {
      ...unused,
      method: 'PATCH',
      path: '/users/:userId',
      summary: 'Change the role, disable or enable',
      params: UserParams,
      body: UpdateUser,
      response: ManagedUser,
    },
    async ({ params, body, request }) => users.update(params.userId, body, managerOf(request)),
  )
  router.add(
    { ...unused, method: 'DELETE', path: '/users/:userId', summary: 'Remove for good; sessions stay', params: UserParams, response: null },
    async ({ params, request }) => users.remove(params.userId, managerOf(request)),
  )
  router.add(
    { ...unused, method: 'GET', path: '/users/invitations', summary: 'Invitations that are open', response: pageOf(Invitation) },
    async () => ({ items: await invitations.list(), nextCursor: null }),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/users/invitations',
      summary: 'Invite somebody; the code is shown once',
      body: CreateInvitation,
      response: CreatedInvitation,
      status: 201,
    },
    async ({ body, request }) => invitations.create(body, managerOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'DELETE',
      path: '/users/invitations/:invitationId',
      summary: 'Revoke an invitation',
      params: InvitationParams,
      response: null,
    },
    async ({ params, request }) => invitations.revoke(params.invitationId, managerOf(request)),
  )
}

function managerOf(request: FastifyRequest): Manager {
  return { principal: principalOf(request), client: clientOf(request) }
}
