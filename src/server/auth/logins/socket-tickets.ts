import type { Kysely } from 'kysely'
import type { WsTicket } from '#protocol/auth'
import { type Principal, UnauthorizedError } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository } from '../auth-repository.ts'
import type { Principals } from '../principals.ts'
import { randomToken, sha256 } from '../random-token.ts'

const TICKET_TTL_SECONDS = 30

export interface SocketTicketsDeps {
  database: Kysely<Tables>
  clock: Clock
  principals: Principals
}

/** Tickets that open one WebSocket each, so that no token stands in an address. */
export class SocketTickets {
  readonly #deps: SocketTicketsDeps

  constructor(deps: SocketTicketsDeps) {
    this.#deps = deps
  }

  async issue({ credential }: Principal): Promise<WsTicket> {
    const { database, clock } = this.#deps
    const repository = new AuthRepository(database)
    const now = clock.now()
    await repository.pruneTickets(now.toISOString())
    const ticket = randomToken()
    const expiresAt = new Date(now.getTime() + TICKET_TTL_SECONDS * 1000).toISOString()
    await repository.insertTicket({
      hash: sha256(ticket),
      login_id: credential.kind === 'login' ? credential.loginId : null,
      api_key_id: credential.kind === 'api-key' ? credential.keyId : null,
      expires_at: expiresAt,
    })
    return { ticket, expiresIn: TICKET_TTL_SECONDS }
  }

  /** @throws UnauthorizedError for a ticket that is unknown, used or expired, or whose giver's access has ended */
  async redeem(ticket: string): Promise<Principal> {
    const row = await new AuthRepository(this.#deps.database).takeTicket(sha256(ticket))
    if (!row || row.expires_at <= this.#deps.clock.now().toISOString())
      throw new UnauthorizedError('The ticket is not valid any more. Ask for a new one.')
    const { principals } = this.#deps
    if (row.login_id !== null) return principals.of({ kind: 'login', loginId: row.login_id })
    return principals.of(row.api_key_id === null ? { kind: 'platform' } : { kind: 'api-key', keyId: row.api_key_id })
  }
}
