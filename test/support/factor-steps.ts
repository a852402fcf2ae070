import { generate } from 'otplib'
import { Passkey, RecoveryCodes, TotpEnrolment } from '#protocol/factors'
import type { Clock } from '../../src/server/platform/clock.ts'
import { type ApiAnswer, callApi, type Device, PASSWORD } from './api-client.ts'
import type { SoftwareAuthenticator } from './software-authenticator.ts'

/** What an authenticator app shows at that moment. */
export function totpCode(secret: string, clock: Clock): Promise<string> {
  return generate({ secret, epoch: Math.floor(clock.now().getTime() / 1000) })
}

/** Sets an authenticator app up. The code that confirmed it is used up. */
export async function enrolTotp(device: Device, clock: Clock): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = TotpEnrolment.parse((await device.request('POST', '/auth/factors/totp')).body)
  const confirmed = await device.request('POST', '/auth/factors/totp/confirm', { body: { code: await totpCode(secret, clock) } })
  return { secret, ...RecoveryCodes.parse(confirmed.body) }
}

/** Makes a passkey. */
export async function enrolPasskey(device: Device, authenticator: SoftwareAuthenticator, name = 'Blue key'): Promise<Passkey> {
  const { body } = await device.request('POST', '/auth/factors/passkeys/challenge')
  const made = await device.request('POST', '/auth/factors/passkeys', { body: { ...authenticator.create(body), name } })
  return Passkey.parse(made.body)
}

/** A sign-in with the right password and whatever else is given. */
export function signInWith(url: string, given: Record<string, unknown> = {}, username = 'ada'): Promise<ApiAnswer> {
  return callApi(url, 'POST', '/auth/login', { body: { username, password: PASSWORD, ...given } })
}
