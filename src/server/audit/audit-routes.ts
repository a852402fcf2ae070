import * as z from 'zod/mini'
import { AuditLogEntry, AuditQuery, AuditState, AuditVerdict } from '#protocol/audit'
import { Timestamp } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { AuditService } from './audit-service.ts'

const unused = { params: Unused, query: Unused, body: Unused }
/** `all=true`: everything there is, sealed segments too, whatever the times are. */
const Range = z.object({ from: z.optional(Timestamp), to: z.optional(Timestamp), all: z.optional(z.literal('true')) })

export function registerAuditRoutes(router: Router, audit: AuditService): void {
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/audit',
      summary: 'The audit log, newest first',
      query: AuditQuery,
      response: pageOf(AuditLogEntry),
    },
    ({ query }) => audit.list(query),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/audit/verification',
      summary: 'How the log is kept, and what the last check of it found',
      response: AuditState,
    },
    () => audit.state(),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/audit/verification',
      summary: 'Check the whole chain now',
      response: z.object({ verdict: AuditVerdict }),
    },
    async () => ({ verdict: await audit.verify() }),
  )
  router.add(
    { ...unused, method: 'GET', path: '/audit/export', summary: 'The log as JSON Lines, in order', query: Range, response: z.string() },
    async ({ query, request, reply }) => {
      reply.header('content-type', 'application/x-ndjson; charset=utf-8')
      reply.header('content-disposition', 'attachment; filename="audit.jsonl"')
      return audit.export({ ...query, all: query.all === 'true' }, principalOf(request))
    },
  )
}
