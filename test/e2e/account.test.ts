import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { totpCode } from '../support/factor-steps.ts'
import { startProduct } from '../support/product.ts'
import { createOwner, PASSWORD, signIn } from '../support/steps.ts'

const NEW_PASSWORD = 'quite another long passphrase'
/** What wrong passwords and codes, and a login that ended, leave in the console. */
const REFUSED = /40[01] \((Unauthorized|Bad Request)\)/

const realClock = { now: () => new Date() }

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('a new password throws the other device out, and a device is signed out from the list', async () => {
    const { page, url } = await openAccount(device)
    expect(await page.getByRole('definition').first().textContent()).toBe('ada')
    const { page: other } = await openTab(browser, device, REFUSED)
    await other.goto(url)
    await signIn(other)
    await other.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    await page.getByRole('button', { name: /^Sign out: / }).waitFor()
    await isSound(page)

    await createKey(page)
    await page.getByRole('button', { name: 'Change password' }).click()
    expect(await focusedLabel(page)).toBe('Current password')
    await page.getByLabel('Current password').fill('not the right one')
    await page.getByLabel('New password').fill('password1234')
    await page.getByText('easy to guess').waitFor()
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await page.getByText('Strong', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Change password' }).click()
    await expect.poll(() => page.getByLabel('Current password').getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel('New password').inputValue()).toBe(NEW_PASSWORD)
    await isSound(page)
    await page.getByLabel('Current password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('All other devices were signed out').waitFor()
    await page.getByText('You still have 1 API key.').waitFor()
    await isSound(page)
    await page.getByRole('link', { name: '1 API key' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('API keys')

    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(other, NEW_PASSWORD)
    await other.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    await page.getByRole('button', { name: /^Sign out: / }).click()
    await page.getByText('was signed out', { exact: false }).waitFor()
    expect(await page.getByRole('list', { name: 'Signed-in devices' }).getByRole('listitem').count()).toBe(1)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Devices')
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('an authenticator app is set up, asked for at sign-in, replaced by a recovery code, and turned off', async () => {
    const { page, url } = await openAccount(device)
    const { secret, codes } = await setUpApp(page)

    await signOut(page, url, device)
    await signIn(page)
    // The code of now has confirmed the app and is used up.
    await page.getByLabel('Code of the authenticator app').fill(await totpCode(secret, inThirtySeconds))
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()

    await signOut(page, url, device)
    await signIn(page)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(codes[0] ?? '')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    await page.goto(`${url}/account#factors`)
    await page.getByText('9 codes left').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Two-factor sign-in')

    await page.getByRole('button', { name: 'New codes' }).click()
    await page.getByRole('button', { name: 'Make new codes' }).click()
    expect(await saveCodes(page)).not.toContain(codes[1])
    await page.getByText('10 codes left').waitFor()
    await page.getByRole('button', { name: 'Turn off' }).click()
    await isSound(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('The authenticator app was turned off').waitFor()
    expect(await page.getByText('codes left').count()).toBe(0)
  })
})

const inThirtySeconds = { now: () => new Date(Date.now() + 30_000) }

/** Makes an API key on the account screen. */
async function createKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create API key' }).click()
  await page.getByLabel('Name', { exact: true }).fill('nightly build')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByText('It will not be shown again').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
}

/** A product with an account, on its account screen, reached as a person would. */
async function openAccount(device: Device): Promise<{ page: Page; url: string }> {
  const { setupLink, url } = await startProduct()
  const { page } = await openTab(browser, device, REFUSED)
  await createOwner(page, setupLink ?? '')
  await openMenu(page, device)
  await page.getByRole('link', { name: 'Account and devices' }).click()
  await page.getByRole('heading', { name: 'Account and devices', level: 1 }).waitFor()
  await page.getByText('This device').waitFor()
  await isSound(page)
  return { page, url }
}

/** Reads the key from the page as somebody would who types it, and passes by the mistakes that one makes. */
async function setUpApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  await isSound(page)
  const secret = ((await page.getByRole('dialog').getByRole('code').textContent()) ?? '').replaceAll(' ', '')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('Enter the six digits').waitFor()
  await page.getByLabel('Code that the app shows now').fill('000000')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('The code is not right').waitFor()
  await page.getByLabel('Code that the app shows now').fill(await totpCode(secret, realClock))
  await page.getByRole('button', { name: 'Turn on' }).click()
  const codes = await saveCodes(page)
  await page.getByText('The authenticator app is on').waitFor()
  return { secret, codes }
}

/** Closes the dialog of the codes as it demands, and returns them. */
async function saveCodes(page: Page): Promise<string[]> {
  await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Save the codes first').waitFor()
  // Escape twice is how browsers close a dialog whatever it says.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor()
  await isSound(page)
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
  expect(new Set(codes).size).toBe(10)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
  expect(await readFile(await download.path(), 'utf8')).toContain(`\n${codes.join('\n')}\n`)
  await page.getByLabel('I have saved these codes').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return codes
}

async function openMenu(page: Page, device: Device): Promise<void> {
  await page.getByRole('button', { name: device.name === 'phone' ? 'More' : 'Account and appearance' }).click()
}

async function signOut(page: Page, url: string, device: Device): Promise<void> {
  await page.goto(url)
  await openMenu(page, device)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

async function isSound(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}

function focusedLabel(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const { activeElement } = document
    return activeElement instanceof HTMLInputElement ? (activeElement.labels?.[0]?.textContent ?? '') : undefined
  })
}
