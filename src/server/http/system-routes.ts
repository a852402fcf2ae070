import * as z from 'zod/mini'
import { DomainError } from '../platform/domain-error.ts'
import { openApiDocument } from './openapi.ts'
import { type Router, Unused } from './route.ts'

export interface SystemRoutesOptions {
  version: string
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  /** Resolves while requests can be served; rejects or is false otherwise. */
  isReady: () => Promise<boolean>
}

/** Health, readiness and the description of all routes; registered last, so that the description is whole. */
export function registerSystemRoutes(router: Router, { version, basePath, isReady }: SystemRoutesOptions): void {
  const unused = { params: Unused, query: Unused, body: Unused } as const
  const Health = z.object({ status: z.literal('ok'), version: z.string() })

  router.add({ ...unused, method: 'GET', path: '/health', summary: 'Whether the process lives', response: Health }, () =>
    Promise.resolve({ status: 'ok', version }),
  )
  router.add({ ...unused, method: 'GET', path: '/ready', summary: 'Whether requests can be served', response: Health }, async () => {
    if (!(await isReady().catch(() => false)))
      throw new DomainError('NOT_READY', 'The server cannot serve requests at the moment.', { retryAfter: 1 })
    return { status: 'ok', version }
  })
  let document: Record<string, unknown> | null = null
  router.add(
    { ...unused, method: 'GET', path: '/openapi.json', summary: 'This document', response: z.record(z.string(), z.unknown()) },
    () => {
      document ??= openApiDocument(router.described, { version, basePath })
      return Promise.resolve(document)
    },
  )
}
