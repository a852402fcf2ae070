import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { createOwner, PASSWORD } from '../support/steps.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.ts'

const BUILT_WEB = join(dirname(dirname(import.meta.dirname)), 'dist', 'web')
const SIX_MINUTES_MS = 6 * 60_000
/** What a proof that is missing or wrong leaves in the console. */
const REFUSED = /40[13] \((Unauthorized|Forbidden)\)|429 \(Too Many Requests\)/

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('an old login is asked for the password, told when it is wrong, and left alone when it gives none', async () => {
    const { page, clock } = await openAccount(device)
    clock.advance(SIX_MINUTES_MS)
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page.getByText('holds for 5 minutes').waitFor()
    await expect.poll(() => isFocused(page, 'Password')).toBe(true)
    await isSound(page)

    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill('not the right one')
    await page.keyboard.press('Enter')
    await page.getByText('The password is wrong').waitFor()
    expect(await page.getByRole('dialog').getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await isSound(page)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Set up')

    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    // The proof holds: nothing is asked for the second time.
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  })

  test('a passkey is added, named, and removed after it proved once more who is there', async () => {
    const { page, clock } = await openAccount(device)
    const { setVerified } = await addVirtualAuthenticator(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Chrome on Linux')
    await page.getByRole('textbox', { name: 'Name' }).fill('Blue laptop')
    await setVerified(false)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The browser gave no passkey').waitFor()
    await setVerified(true)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Blue laptop was added').waitFor()
    await page.getByText('Never used').waitFor()

    await page.getByRole('button', { name: 'Actions for Blue laptop' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Old laptop')
    await page.getByRole('button', { name: 'Save' }).click()

    clock.advance(SIX_MINUTES_MS)
    await page.getByRole('button', { name: 'Actions for Old laptop' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('Old laptop was removed').waitFor()
    await page.getByText('No passkey yet').waitFor()
    await isSound(page)
  })
})

test('by address it says why there can be no passkey, and leads to where there can', async () => {
  const { page } = await openAccount(DEVICES[1], '127.0.0.1')
  await page.getByText('Passkeys cannot be added under this address').waitFor()
  const link = page.getByRole('link', { name: /localhost/ })
  expect(await link.getAttribute('href')).toMatch(/^http:\/\/localhost:\d+\/account#passkeys$/)
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
  await isSound(page)
})

async function openAccount(device: Device, host = 'localhost'): Promise<{ page: Page; clock: TestClock }> {
  const clock = new TestClock(new Date().toISOString())
  const server = await startTestApp({ builtWeb: BUILT_WEB, clock })
  const url = server.url.replace('127.0.0.1', host)
  const { page } = await openTab(browser, device, REFUSED)
  await createOwner(page, `${url}/#setup=${server.setupCode ?? ''}`)
  await page.goto(`${url}/account`)
  await page.getByText('This device').waitFor()
  return { page, clock }
}

function isFocused(page: Page, label: string): Promise<boolean> {
  return page
    .getByRole('dialog')
    .getByLabel(label, { exact: true })
    .evaluate((element) => element === document.activeElement)
}

async function isSound(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}
