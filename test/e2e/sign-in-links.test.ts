import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, Device, PASSWORD, register } from '../support/api-client.ts'
import { DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { createOwner } from '../support/steps.ts'
import { invite } from '../support/user-steps.ts'

const REFUSED = /40[0139] \((Unauthorized|Bad Request|Forbidden|Conflict)\)/
const ACCESS_KEY = 'the-key-of-this-installation-4711'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

async function isSound(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}

function arrived(page: Page): Promise<void> {
  return page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
}

/** Where it is on the page, however far that is scrolled. */
function heightOf(element: Locator): Promise<number> {
  return element.evaluate((node) => node.getBoundingClientRect().top + scrollY)
}

async function startWithOwner(): Promise<{ url: string; owner: Device }> {
  const { setupLink, url } = await startProduct()
  const owner = await register(url, new URLSearchParams(new URL(setupLink ?? '').hash.slice(1)).get('setup'))
  return { url, owner }
}

describe.each(DEVICES)('on a $name', (screen) => {
  test('the first account: the meter tells how strong the password is and moves nothing, the server refuses a weak one', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, screen, REFUSED)
    const scripts: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('.js')) scripts.push(request.url())
    })
    await page.goto(setupLink ?? '')
    const password = page.getByLabel('New password')
    await page.getByLabel('Name', { exact: true }).fill('zbigniew')
    const button = page.getByRole('button', { name: 'Create account' })
    const place = await heightOf(button)
    const atFirst = scripts.length

    await password.pressSequentially('P@ss')
    await page.getByText('6 more characters are needed.').first().waitFor()
    expect(await heightOf(button)).toBe(place)
    await password.fill('zbigniew2024')
    await page.getByText('Too easy to guess').or(page.getByText('Very easy to guess')).first().waitFor()
    await page.getByRole('status').filter({ hasText: 'easy to guess' }).waitFor({ state: 'attached' })
    // The estimator and its two dictionaries.
    expect(scripts.length).toBeGreaterThanOrEqual(atFirst + 3)
    expect(await heightOf(button)).toBe(place)
    await isSound(page)
    await button.click()
    await page.getByRole('alert').filter({ hasText: 'The password is too easy to guess' }).waitFor()
    expect(await password.getAttribute('aria-invalid')).toBe('true')
    await isSound(page)

    await password.fill('four quiet herons fly')
    await page.getByText('Strong', { exact: true }).first().waitFor()
    expect(await page.getByRole('alert').filter({ hasText: 'too easy' }).count()).toBe(0)
    expect(await heightOf(button)).toBe(place)
    await isSound(page)
    await button.click()
    await arrived(page)
  })

  test('a wrong setup code is told and keeps what was typed', async () => {
    const { url } = await startProduct()
    const { page } = await openTab(browser, screen, REFUSED)
    await page.goto(`${url}/#setup=WRNG-WRNG-WRNG-WRNG`)
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('alert').filter({ hasText: 'setup code' }).waitFor()
    expect(await page.getByLabel('Setup code').getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel('New password').inputValue()).toBe(PASSWORD)
    await isSound(page)
  })

  test('an invitation makes an account, and is void then', async () => {
    const { url, owner } = await startWithOwner()
    const { code } = await invite(owner, 'viewer')
    const { page, context } = await openTab(browser, screen, REFUSED)
    await page.goto(`${url}/#invite=${code}`)
    await page.getByText('ada invites you as a viewer.').waitFor()
    expect(page.url()).not.toContain('invite')
    await isSound(page)
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('New password').fill('four quiet herons fly')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('alert').filter({ hasText: 'taken' }).waitFor()
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await page.getByLabel('Name', { exact: true }).fill('bob')
    await page.getByRole('button', { name: 'Create account' }).click()
    await arrived(page)

    await context.clearCookies()
    await page.goto('about:blank')
    await page.goto(`${url}/#invite=${code}`)
    await page.getByRole('heading', { name: 'This invitation is not valid' }).waitFor()
    await isSound(page)
    await page.getByRole('button', { name: 'Sign in instead' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('who is signed in and opens an invitation may stay, or sign out and use it', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, screen, REFUSED)
    await createOwner(page, setupLink ?? '')
    const signedIn = await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: 'a long enough passphrase' } })
    const { code } = await invite(new Device(url, signedIn), 'member')

    await page.goto(`${url}/#invite=${code}`)
    await page.getByRole('heading', { name: 'You are signed in already' }).waitFor()
    expect(page.url()).not.toContain('invite')
    await isSound(page)
    await page.getByRole('button', { name: 'Stay signed in as ada' }).click()
    await arrived(page)

    await page.goto(`${url}/#invite=${code}`)
    await page.getByRole('button', { name: 'Sign out and open the invitation' }).click()
    await page.getByText('ada invites you as a member.').waitFor()
  })

  test('a server with an access key asks for it first, once, and again when it changed', async () => {
    const { setupLink } = await startProduct({ environment: { API_KEY: ACCESS_KEY } })
    const { page } = await openTab(browser, screen, REFUSED)
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await page.goto(setupLink ?? '')
    await page.getByRole('heading', { name: 'Access key' }).waitFor()
    await isSound(page)
    await page.keyboard.type('not the right one')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'This is not the access key' }).waitFor()
    await isSound(page)
    await page.getByRole('textbox', { name: 'Access key' }).fill(ACCESS_KEY)
    await page.keyboard.press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('New password').fill('four quiet herons fly')
    await page.getByRole('button', { name: 'Create account' }).click()
    await arrived(page)
    await page.reload()
    await arrived(page)
    await page.getByRole('link', { name: 'New session' }).first().waitFor()

    await page.evaluate(() => localStorage.setItem('acu-access-key', 'the one before'))
    await page.reload()
    await page.getByRole('heading', { name: 'Access key' }).waitFor()
    expect(addresses.filter((address) => address.includes(ACCESS_KEY))).toEqual([])
  })

  test('in platform mode the access key is all that is asked for', async () => {
    const { url } = await startProduct({ environment: { API_KEY: ACCESS_KEY, PLATFORM_MODE: 'true' } })
    const { page } = await openTab(browser, screen, REFUSED)
    await page.goto(url)
    await page.getByRole('textbox', { name: 'Access key' }).fill(ACCESS_KEY)
    await page.keyboard.press('Enter')
    await page.getByText('Platform mode: everybody').waitFor()
    await isSound(page)
  })
})
