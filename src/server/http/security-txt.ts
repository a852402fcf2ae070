import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'

const PATH = '/.well-known/security.txt'
/** Renewed each day; RFC 9116 advises less than a year. */
const GOOD_FOR_DAYS = 180
const DAY_MS = 86_400_000

export interface SecurityTxtOptions {
  /** Addresses to report to, the best first; none: there is no such file. */
  contacts: readonly string[]
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  clock: Clock
}

/** Says whom to tell of a weakness (RFC 9116), where the operator named somebody. */
export function registerSecurityTxt(app: FastifyInstance, { contacts, basePath, clock }: SecurityTxtOptions): void {
  app.get(PATH, (request, reply) => {
    if (contacts.length === 0) throw new DomainError('NOT_FOUND', 'There is nothing at this address.')
    const today = Math.floor(clock.now().getTime() / DAY_MS) * DAY_MS
    const lines = [
      ...contacts.map((contact) => `Contact: ${contact}`),
      `Expires: ${new Date(today + GOOD_FOR_DAYS * DAY_MS).toISOString()}`,
      'Preferred-Languages: en',
      ...canonical(request, basePath),
    ]
    return reply.header('content-type', 'text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
}

/** An address on the web must be https there (RFC 9116, 2.5.2). */
function canonical({ protocol, host }: FastifyRequest, basePath: string): string[] {
  return protocol === 'https' ? [`Canonical: https://${host}${basePath}${PATH}`] : []
}
