import type { CDPSession, Page } from 'playwright-core'
import { PasskeyChallenge } from '#protocol/factors'
import { callApi } from './api-client.ts'

/** Chromium's own stand-in for a passkey that lives in the device and asks for a finger. */
export interface VirtualAuthenticator {
  /** Whether the finger is the right one; where it is not, the browser says that nothing was given. */
  setVerified: (isVerified: boolean) => Promise<void>
}

/** Gives the page's browser a device that makes and proves passkeys. The page must have a name, as in http://localhost. No other debugger session may end meanwhile. */
export async function addVirtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    setVerified: async (isVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: isVerified })
    },
  }
}

/** What the browser and its authenticator answer to a challenge of the server. @throws Error with the name of the browser's own */
export async function askBrowser(
  page: Page,
  kind: 'create' | 'get',
  challenge: unknown,
): Promise<{ challengeId: string; response: unknown }> {
  const { challengeId, options } = PasskeyChallenge.parse(challenge)
  // As text, since the types of the options are the browser's alone: an expression that it reads, with the data in it as JSON.
  const read = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  const response: unknown = await page.evaluate(
    `navigator.credentials.${kind}({ publicKey: PublicKeyCredential.${read}(${JSON.stringify(options)}) }).then((made) => made.toJSON())`,
  )
  return { challengeId, response }
}

/** Makes a passkey with the browser's own ceremony. @param url the page's own address, which the passkey belongs to */
export async function makePasskey(page: Page, url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const asked = await callApi(url, 'POST', '/auth/factors/passkeys/challenge', { body: {}, headers })
  const body = { ...(await askBrowser(page, 'create', asked.body)), name: 'Test passkey' }
  const made = await callApi(url, 'POST', '/auth/factors/passkeys', { body, headers })
  if (made.status !== 201) throw new Error(`The passkey was refused: ${JSON.stringify(made.body)}`)
}
