import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { FactorRequest } from '#protocol/factors'
import { callApi, Device, register } from '../support/api-client.ts'
import { DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { signInWith } from '../support/factor-steps.ts'
import { startTestApp } from '../support/test-app.ts'
import { addVirtualAuthenticator, askBrowser } from '../support/virtual-authenticator.ts'

/*
 * The server's passkey routes and a browser's own WebAuthn with a virtual authenticator, without our screens: what the
 * browser makes of our options, and we of its answers.
 */

const Asked = z.object({ details: FactorRequest })

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

test('a passkey that a browser makes signs in alone, behind a password, and steps up', async () => {
  const { page, url, device } = await setup()
  const authenticator = await addVirtualAuthenticator(page)
  const signInAlone = async () => {
    const body = await askBrowser(page, 'get', (await callApi(url, 'POST', '/auth/passkeys/challenge')).body)
    return callApi(url, 'POST', '/auth/passkeys/login', { body })
  }

  const creation = await askBrowser(page, 'create', (await device.request('POST', '/auth/factors/passkeys/challenge')).body)
  const made = await device.request('POST', '/auth/factors/passkeys', { body: { ...creation, name: 'From a browser' } })
  expect(made).toMatchObject({ status: 201, body: { name: 'From a browser', rpId: 'localhost' } })

  expect(new Device(url, await signInAlone()).user.username).toBe('ada')
  const { passkey } = Asked.parse((await signInWith(url)).body).details
  expect((await signInWith(url, { passkey: await askBrowser(page, 'get', passkey) })).status).toBe(200)
  const proof = await askBrowser(page, 'get', (await device.request('POST', '/auth/step-up/challenge')).body)
  expect((await device.request('POST', '/auth/step-up', { body: { passkey: proof } })).status).toBe(200)

  await authenticator.setVerified(false)
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
