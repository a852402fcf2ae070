import type { Kysely } from 'kysely'
import type { FactorOverview } from '#protocol/factors'
import type { Principal } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import type { Site } from '../client.ts'
import { FactorRepository } from './factor-repository.ts'
import { hasPasskeys } from './passkey-site.ts'
import { MAX_PASSKEYS, type Passkeys } from './passkeys.ts'
import type { SecondFactors } from './second-factors.ts'

/** What an account shows of its second factors. */
export class FactorAccount {
  readonly #deps: { database: Kysely<Tables>; clock: Clock; factors: SecondFactors; passkeys: Passkeys }

  constructor(deps: { database: Kysely<Tables>; clock: Clock; factors: SecondFactors; passkeys: Passkeys }) {
    this.#deps = deps
  }

  async overview({ user, credential }: Principal, site: Site): Promise<FactorOverview> {
    const { database, clock, factors } = this.#deps
    const repository = new FactorRepository(database)
    const totp = await repository.findTotp(user.id)
    const enabledAt = totp?.confirmed_at ?? null
    const passkeys = await this.#deps.passkeys.list(user.id)
    const kinds = await factors.kindsOf(user.id)
    const freshUntil = credential.kind === 'login' ? credential.freshUntil : 0
    return {
      totp: enabledAt === null ? null : { enabledAt },
      recoveryCodesLeft: await repository.countRecoveryCodes(user.id),
      passkeys,
      canAddPasskey: hasPasskeys(site) && passkeys.length < MAX_PASSKEYS,
      freshUntil: freshUntil > clock.now().getTime() ? new Date(freshUntil).toISOString() : null,
      stepUp: kinds.length > 0 ? kinds : ['password'],
    }
  }
}
