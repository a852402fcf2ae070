import * as z from 'zod/mini'
import { ApiKey, CreateApiKey, CreatedApiKey } from '#protocol/api-keys'
import { ApiKeyId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { clientOf } from '../client.ts'
import type { ApiKeyService } from './api-key-service.ts'

const KeyParams = z.strictObject({ keyId: ApiKeyId })

const unused = { params: Unused, query: Unused, body: Unused }

export function registerApiKeyRoutes(router: Router, keys: ApiKeyService): void {
  router.add(
    { ...unused, method: 'GET', path: '/keys', summary: "The user's own API keys, never in full", response: pageOf(ApiKey) },
    async ({ request }) => ({ items: await keys.list(principalOf(request).user.id), nextCursor: null }),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/keys',
      summary: 'Make an API key, which is shown once',
      body: CreateApiKey,
      response: CreatedApiKey,
      status: 201,
    },
    async ({ body, request }) => keys.create(body, principalOf(request), clientOf(request)),
  )
  router.add(
    { ...unused, method: 'DELETE', path: '/keys/:keyId', summary: 'Revoke an API key', params: KeyParams, response: null },
    async ({ params, request }) => keys.revoke(params.keyId, principalOf(request), clientOf(request)),
  )
}
