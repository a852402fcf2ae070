import type { FastifyInstance } from 'fastify'
import { DomainError } from '../platform/domain-error.ts'
import { ROUTE_RULES } from './permission-table.ts'

/** In platform mode: refuses whatever would sign somebody in or make an account, before its body is read. */
export function refuseSignIn(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ method, routeOptions: { url: route = '' } }) => {
    if (method !== 'POST' || !route.startsWith('/api/auth/')) return
    if (ROUTE_RULES[`POST ${route.slice('/api'.length)}`]?.permission !== 'public') return
    throw new DomainError('CONFLICT', 'Platform mode is on: nobody signs in here. Turn PLATFORM_MODE off on the host to use accounts.')
  })
}
