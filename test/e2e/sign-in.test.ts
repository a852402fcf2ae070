import { generate } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, type Device, PASSWORD, register } from '../support/api-client.ts'
import { DEVICES, type Device as Screen, launchBrowser, openTab, scrollsSideways, seriousViolations, type Tab } from '../support/browser.ts'
import { enrolTotp } from '../support/factor-steps.ts'
import { startProduct } from '../support/product.ts'
import { addVirtualAuthenticator, makePasskey } from '../support/virtual-authenticator.ts'

const REFUSED = /40[01] \((Unauthorized|Bad Request)\)|429 \(Too Many Requests\)|HTTP Authentication failed/

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

/** A product with an account, and its page in a browser where nobody is signed in. */
async function openSignIn(screen: Screen, { host = '127.0.0.1' }: { host?: string } = {}): Promise<Tab & { url: string; owner: Device }> {
  const { setupLink, url } = await startProduct()
  const owner = await register(url, new URLSearchParams(new URL(setupLink ?? '').hash.slice(1)).get('setup'))
  const tab = await openTab(browser, screen, REFUSED)
  const address = url.replace('127.0.0.1', host)
  await tab.page.goto(address)
  await tab.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  return { ...tab, url: address, owner }
}

async function fillIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('ada')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function isSound(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}

function arrived(page: Page): Promise<void> {
  return page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
}

/** What has the focus, by its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document
    const label = activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : activeElement?.textContent
    return label ?? ''
  })
}

const systemClock = { now: () => new Date() }

/** A code that the server has not seen: confirming the app used up the one of now. */
function nextCode(secret: string): Promise<string> {
  return generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 })
}

describe.each(DEVICES)('on a $name', (screen) => {
  test('a wrong password is told at its field, and the right one signs in by keyboard alone', async () => {
    const { page } = await openSignIn(screen)
    await isSound(page)
    await expect.poll(() => focused(page)).toBe('Name')
    await page.keyboard.type('ada')
    await page.keyboard.press('Tab')
    await page.keyboard.type('not the right one')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'Wrong name or password' }).waitFor()
    expect(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => focused(page)).toBe('Password')
    await isSound(page)
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await arrived(page)
  })

  test('the second factor: a wrong code, the way back, the right code, a recovery code', async () => {
    const { page, context, owner, url } = await openSignIn(screen)
    const { secret, recoveryCodes } = await enrolTotp(owner, systemClock)

    await fillIn(page)
    await page.getByRole('heading', { name: 'Second factor' }).waitFor()
    await expect.poll(() => focused(page)).toBe('Code of the authenticator app')
    await isSound(page)
    await page.keyboard.type('000 000')
    await page.getByRole('alert').filter({ hasText: 'check that the clock' }).waitFor()
    await isSound(page)

    await page.getByRole('button', { name: 'Back' }).click()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('ada')
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await expect.poll(() => focused(page)).toBe('Password')
    await fillIn(page)
    await page.getByLabel('Code of the authenticator app').fill(await nextCode(secret))
    await arrived(page)

    await context.clearCookies()
    await page.goto(url)
    await fillIn(page)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await expect.poll(() => focused(page)).toBe('Recovery code')
    await isSound(page)
    await page.keyboard.type('0000-0000-0000-0000')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'not right or was used' }).waitFor()
    await page.getByLabel('Recovery code').fill((recoveryCodes[0] ?? '').toUpperCase())
    await page.keyboard.press('Enter')
    await arrived(page)
  })

  test('after too many attempts the wait is counted down, and then the button works again', async () => {
    const { page, url } = await openSignIn(screen)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: `wrong one ${String(attempt)}` } })
    }

    await fillIn(page)
    await page.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor()
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await page.getByText(/^Try again in 0:0\d$/).waitFor()
    expect(await page.getByRole('status').textContent()).toMatch(/^You can try again in \d seconds?\.$/)
    await isSound(page)
    await page.getByRole('status').filter({ hasText: 'You can try again now.' }).waitFor()
    expect(await button.getAttribute('aria-disabled')).toBe('false')
    await button.click()
    await arrived(page)
  })

  test('a passkey alone, one that is not given, and one as second factor', async () => {
    const { page, context, owner, url } = await openSignIn(screen, { host: 'localhost' })
    await isSound(page)
    const authenticator = await addVirtualAuthenticator(page)
    await makePasskey(page, url, owner.token)

    await authenticator.setVerified(false)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').filter({ hasText: 'No passkey was used' }).waitFor()
    await authenticator.setVerified(true)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await arrived(page)

    await context.clearCookies()
    await page.goto(url)
    await fillIn(page)
    await page.getByText('Confirm with the passkey').waitFor()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await arrived(page)
  })

  test('a login whose refresh token came twice is warned of once, with what to do', async () => {
    const { page, context, url } = await openSignIn(screen)
    await fillIn(page)
    await arrived(page)
    const cookie = (await context.cookies()).find(({ name }) => name.startsWith('acu_refresh'))
    if (cookie === undefined) throw new Error('no refresh cookie')
    const half = await page.evaluate(() => localStorage.getItem('acu-refresh-binding') ?? '')
    const copied = { cookie: `${cookie.name}=${cookie.value}`, 'x-refresh-binding': half }
    await callApi(url, 'POST', '/auth/refresh', { headers: copied })
    await callApi(url, 'POST', '/auth/refresh', { headers: copied })

    await page.getByRole('heading', { name: 'Your login was ended for safety' }).waitFor()
    await page.getByText('change the password').waitFor()
    await isSound(page)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByText('Your login was ended for safety').count()).toBe(0)
  })

  test('a login that ended elsewhere is told in a neutral sentence', async () => {
    const { page, owner } = await openSignIn(screen)
    await fillIn(page)
    await arrived(page)

    await owner.request('POST', '/auth/logins/end-others')

    await page.getByRole('status').filter({ hasText: 'You were signed out' }).waitFor()
    await isSound(page)
  })
})
