import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PasskeyChallenge } from '#protocol/factors'
import { callApi, Device, register } from '../support/api-client.ts'
import { DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { signInWith } from '../support/factor-steps.ts'
import { startTestApp } from '../support/test-app.ts'

/*
 * The server's passkey routes and a browser's own WebAuthn with a virtual authenticator, without our screens: what the
 * browser makes of our options, and we of its answers.
 */

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

test('a passkey that a browser makes signs in alone, behind a password, and steps up', async () => {
  const { page, url, device } = await setup()
  const authenticator = await addAuthenticator(page)
  const signInAlone = async () => {
    const body = await answer(page, 'get', (await callApi(url, 'POST', '/auth/passkeys/challenge')).body)
    return callApi(url, 'POST', '/auth/passkeys/login', { body })
  }

  const creation = await answer(page, 'create', (await device.request('POST', '/auth/factors/passkeys/challenge')).body)
  const made = await device.request('POST', '/auth/factors/passkeys', { body: { ...creation, name: 'From a browser' } })
  expect(made).toMatchObject({ status: 201, body: { name: 'From a browser', rpId: 'localhost' } })

  expect(new Device(url, await signInAlone()).user.username).toBe('ada')
  const { details } = (await signInWith(url)).body as { details: { passkey: unknown } }
  expect((await signInWith(url, { passkey: await answer(page, 'get', details.passkey) })).status).toBe(200)
  const proof = await answer(page, 'get', (await device.request('POST', '/auth/step-up/challenge')).body)
  expect((await device.request('POST', '/auth/step-up', { body: { passkey: proof } })).status).toBe(200)

  await authenticator.verifyNobody()
  await expect(signInAlone()).rejects.toThrow('NotAllowedError')
})

async function setup() {
  const server = await startTestApp({ webFiles: { 'index.html': '<!doctype html><title>Empty</title>' } })
  const url = server.url.replace('127.0.0.1', 'localhost')
  const device = await register(url, server.setupCode)
  const { page } = await openTab(browser, DEVICES[0], /favicon|404/)
  await page.goto(url)
  return { page, url, device }
}

async function addAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page)
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
  return { verifyNobody: () => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }) }
}

/** What the browser and its authenticator answer to a challenge. @throws Error with the name of the browser's own */
async function answer(page: Page, kind: 'create' | 'get', challenge: unknown) {
  const { challengeId, options } = PasskeyChallenge.parse(challenge)
  const response = await page.evaluate(
    async (asked) => {
      const credential =
        asked.kind === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.options as never) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.options as never) })
      return (credential as PublicKeyCredential).toJSON()
    },
    { kind, options },
  )
  return { challengeId, response }
}
