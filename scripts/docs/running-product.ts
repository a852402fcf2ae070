import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { startServer } from '../../src/server/cli/start-server.ts'
import { ROOT } from '../run-command.ts'

const Described = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

/** The OpenAPI document as the product itself serves it, from a server with an empty data folder that lives for a moment. */
export async function servedOpenApi(): Promise<z.infer<typeof Described>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ai-code-ui-docs-'))
  Object.assign(process.env, { LOG_LEVEL: 'silent', AGENT_ISOLATION: 'off' })
  try {
    const server = await startServer({ port: '0', host: '127.0.0.1', dataDir }, { packageRoot: ROOT, version: '0.0.0' })
    try {
      const answer = await fetch(new URL('/api/openapi.json', server.url))
      return Described.parse(await answer.json())
    } finally {
      await server.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
