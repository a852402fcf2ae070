import type { FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import {
  AddPasskey,
  FactorOverview,
  Passkey,
  PasskeyChallenge,
  RecoveryCodes,
  RenamePasskey,
  TotpCode,
  TotpEnrolment,
} from '#protocol/factors'
import { PasskeyId } from '#protocol/ids'
import { loginOf, principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { clientOf, siteOf } from '../client.ts'
import type { FactorAccount } from './factor-account.ts'
import type { FactorOwner } from './factor-log.ts'
import type { Passkeys } from './passkeys.ts'
import type { RecoveryCodeBook } from './recovery-code-book.ts'
import type { Totp } from './totp.ts'

export interface FactorRoutesOptions {
  account: FactorAccount
  totp: Totp
  recoveryCodes: RecoveryCodeBook
  passkeys: Passkeys
}

const unused = { params: Unused, query: Unused, body: Unused }
const OnePasskey = z.strictObject({ passkeyId: PasskeyId })

/** The second factors of whoever is signed in. */
export function registerFactorRoutes(router: Router, options: FactorRoutesOptions): void {
  const { account, totp, recoveryCodes } = options
  router.add(
    { ...unused, method: 'GET', path: '/auth/factors', summary: 'Second factors of the account', response: FactorOverview },
    async ({ request }) => account.overview(principalOf(request), siteOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/factors/totp',
      summary: 'Begin to set up an authenticator app; without force until confirmed',
      response: TotpEnrolment,
    },
    async ({ request }) => totp.begin(ownerOf(request), siteOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/factors/totp/confirm',
      summary: 'Put the authenticator app in force; answers with new recovery codes',
      body: TotpCode,
      response: RecoveryCodes,
    },
    async ({ body, request }) => totp.confirm(ownerOf(request), body.code),
  )
  router.add(
    { ...unused, method: 'DELETE', path: '/auth/factors/totp', summary: 'Remove the authenticator app', response: null },
    async ({ request }) => totp.disable(ownerOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/factors/recovery-codes',
      summary: 'Ten new recovery codes; older ones are void',
      response: RecoveryCodes,
    },
    async ({ request }) => recoveryCodes.renew(ownerOf(request)),
  )
  registerPasskeyRoutes(router, options)
}

function registerPasskeyRoutes(router: Router, { passkeys }: FactorRoutesOptions): void {
  router.add(
    { ...unused, method: 'POST', path: '/auth/factors/passkeys/challenge', summary: 'Begin to make a passkey', response: PasskeyChallenge },
    async ({ request }) => passkeys.begin(ownerOf(request), siteOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/factors/passkeys',
      summary: 'Keep the passkey that was made',
      body: AddPasskey,
      response: Passkey,
      status: 201,
    },
    async ({ body, request }) => passkeys.add(ownerOf(request), body, siteOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'PATCH',
      path: '/auth/factors/passkeys/:passkeyId',
      summary: 'Rename a passkey',
      params: OnePasskey,
      body: RenamePasskey,
      response: Passkey,
    },
    async ({ params, body, request }) => passkeys.rename(ownerOf(request), params.passkeyId, body.name),
  )
  router.add(
    {
      ...unused,
      method: 'DELETE',
      path: '/auth/factors/passkeys/:passkeyId',
      summary: 'Remove a passkey',
      params: OnePasskey,
      response: null,
    },
    async ({ params, request }) => passkeys.remove(ownerOf(request), params.passkeyId),
  )
}

function ownerOf(request: FastifyRequest): FactorOwner {
  const principal = principalOf(request)
  const { id, username } = principal.user
  return { id, username, loginId: loginOf(principal), ...clientOf(request) }
}
