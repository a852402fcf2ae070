import type { Kysely } from 'kysely'
import type { Router } from '../../http/route.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import type { Notices } from '../logins/notices.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'
import { Challenges } from './challenges.ts'
import { FactorAccount } from './factor-account.ts'
import { FactorLog } from './factor-log.ts'
import { registerFactorRoutes } from './factor-routes.ts'
import { PasskeyCheck } from './passkey-check.ts'
import { Passkeys } from './passkeys.ts'
import { RecoveryCodeBook } from './recovery-code-book.ts'
import { SecondFactors } from './second-factors.ts'
import { StepUp } from './step-up.ts'
import { registerStepUpRoutes } from './step-up-routes.ts'
import { Totp } from './totp.ts'

export interface FactorsDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  notices: Notices
  passwords: Passwords
  throttle: LoginThrottle
}

/** Second factors and step-up, put together. */
export function createFactors({ notices, ...deps }: FactorsDeps) {
  const { database, clock } = deps
  const log = new FactorLog({ clock, notices })
  const challenges = new Challenges({ database, clock })
  const recoveryCodes = new RecoveryCodeBook({ database, clock, log })
  const totp = new Totp({ database, clock, log, recoveryCodes })
  const passkeys = new Passkeys({ database, clock, log, challenges, recoveryCodes })
  const passkeyCheck = new PasskeyCheck({ database, clock, challenges })
  const factors = new SecondFactors({ database, clock, totp, recoveryCodes, passkeys: passkeyCheck })
  const stepUp = new StepUp({ ...deps, factors, passkeys: passkeyCheck })
  const account = new FactorAccount({ database, clock, factors, passkeys })
  return {
    factors,
    passkeyCheck,
    registerRoutes: (router: Router) => {
      registerFactorRoutes(router, { account, totp, recoveryCodes, passkeys })
      registerStepUpRoutes(router, stepUp)
    },
  }
}
