import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../platform/logger.ts'
import { type Principal, UnauthorizedError } from './principal.ts'
import { CLOSE_UNAUTHORIZED, type SocketConnection } from './socket-connection.ts'

/** What ended between two looks is closed within a second of its end, however many connections there are. */
const EVERY_MS = 500
/** Credentials that are looked at before others get a turn. */
const AT_ONCE = 10

export interface AccessSweepOptions {
  /** Who the credential of a principal makes them now, from the database. @throws UnauthorizedError when it has ended */
  recheck: (principal: Principal) => Promise<Principal>
  logger: Pick<Logger, 'error'>
}

/**
 * Looks regularly whether those behind open sockets may still do what they could when they came, and closes the sockets
 * of those who may not. What ends in this process is told at once and does not wait for it; this finds what ends by time,
 * what another process wrote, and what a lost message would have told. Rests while nobody is connected.
 */
export class AccessSweep {
  readonly #options: AccessSweepOptions
  readonly #connections = new Set<SocketConnection>()
  #timer: NodeJS.Timeout | null = null
  #isSweeping = false
  #isFailing = false

  constructor(options: AccessSweepOptions) {
    this.#options = options
  }

  watch(connection: SocketConnection): void {
    this.#connections.add(connection)
    connection.onClose(() => {
      this.#connections.delete(connection)
      if (this.#connections.size === 0) this.#rest()
    })
    this.#timer ??= setInterval(() => {
      this.#sweepOnce()
    }, EVERY_MS)
  }

  #rest(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  #sweepOnce(): void {
    // A look that takes long is not joined by a second one.
    if (this.#isSweeping) return
    this.#isSweeping = true
    this.#sweep()
      .then(() => {
        this.#isFailing = false
      })
      .catch((error: unknown) => {
        // Told once: a database that does not answer would fill the log twice a second.
        if (!this.#isFailing)
          this.#options.logger.error({ err: error }, 'the access of open sockets could not be checked; they stay open until it can')
        this.#isFailing = true
      })
      .finally(() => {
        this.#isSweeping = false
      })
  }

  async #sweep(): Promise<void> {
    let looked = 0
    for (const connections of groupByCredential(this.#connections)) {
      const [first] = connections
      if (!first) continue
      const now = await this.#recheck(first.principal)
      for (const connection of connections) settle(connection, now)
      looked += 1
      if (looked % AT_ONCE === 0) await setImmediate()
    }
  }

  /** Null when access has ended. */
  async #recheck(principal: Principal): Promise<Principal | null> {
    try {
      return await this.#options.recheck(principal)
    } catch (error) {
      if (error instanceof UnauthorizedError) return null
      throw error
    }
  }
}

function settle(connection: SocketConnection, now: Principal | null): void {
  if (now === null) connection.close(CLOSE_UNAUTHORIZED, 'this login has ended')
  else if (haveRightsChanged(connection.principal, now)) connection.close(CLOSE_UNAUTHORIZED, 'the rights of this login have changed')
  else connection.renew(now)
}

function haveRightsChanged(before: Principal, now: Principal): boolean {
  const isSame = before.scopes.size === now.scopes.size && [...before.scopes].every((scope) => now.scopes.has(scope))
  return !isSame || before.user.id !== now.user.id || before.user.role !== now.user.role
}

function groupByCredential(connections: Iterable<SocketConnection>): Iterable<SocketConnection[]> {
  return Map.groupBy(connections, ({ principal }) => credentialName(principal)).values()
}

/** The names by which the end of a principal's access is told. */
export function namesOf(principal: Principal): string[] {
  return [`user:${principal.user.id}`, credentialName(principal)]
}

function credentialName({ credential }: Principal): string {
  switch (credential.kind) {
    case 'login':
      return `login:${credential.loginId}`
    case 'api-key':
      return `api-key:${credential.keyId}`
    case 'platform':
      return 'platform'
  }
}
