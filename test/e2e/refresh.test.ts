import { createServer } from 'node:http'
import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { createOwner, PASSWORD } from '../support/steps.ts'

/*
 * The refresh cookie in a real browser: several tabs, and answers that never arrive.
 */

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const REFRESH = '**/api/auth/refresh'
const [desktop] = DEVICES

const isSignedIn = (page: Page) => page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()

async function setup() {
  const { setupLink, url } = await startProduct()
  const tab = await openTab(browser, desktop, /ERR_FAILED|ERR_ABORTED|Failed to load resource/)
  await createOwner(tab.page, setupLink ?? '')
  return { ...tab, url }
}

test('five tabs that load at once all stay signed in, twice', async () => {
  const { context, page, url } = await setup()
  const tabs = [page, ...(await Promise.all(Array.from({ length: 4 }, () => context.newPage())))]

  for (let round = 0; round < 2; round += 1) {
    await Promise.all(tabs.map((tab) => tab.goto(url)))
    for (const tab of tabs) await isSignedIn(tab)
  }
})

test('a refresh whose answer was lost is sent again under the same name, and the next one under another', async () => {
  const { context, page, url } = await setup()
  const names: string[] = []
  let isTunnel = true
  const note = async (route: Route) => {
    names.push((await route.request().allHeaders())['idempotency-key'] ?? 'none')
    if (!isTunnel) return route.continue()
    // The server has exchanged the cookie; the browser learns neither the answer nor the next cookie.
    const { cookie = '', ...headers } = await route.request().allHeaders()
    const sent = await fetch(route.request().url(), { method: 'POST', headers: { ...plain(headers), cookie }, body: '{}' })
    expect(sent.status).toBe(200)
    return route.abort()
  }
  await context.route(REFRESH, note)

  await page.goto(url)
  await expect.poll(() => names.length).toBeGreaterThan(0)
  isTunnel = false
  await page.reload()
  await isSignedIn(page)
  await page.reload()
  await isSignedIn(page)

  const [lost, again] = names
  expect(lost).toMatch(/^[\w-]{24}$/)
  expect(again).toBe(lost)
  expect(names.at(-1)).not.toBe(lost)
})

test('the cookie alone, as another port of the host name is given it, is worth nothing elsewhere', async () => {
  const { context, page, url } = await setup()
  const cookie = (await context.cookies(`${url}/api/auth/refresh`)).find(({ name }) => name.startsWith('acu_refresh'))
  if (cookie === undefined) throw new Error('no refresh cookie')

  const half = await page.evaluate(() => localStorage.getItem('acu-refresh-binding'))
  const planted = 'A'.repeat(43)
  for (const headers of [{}, { 'x-refresh-binding': planted }]) {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json', ...headers, cookie: `${cookie.name}=${cookie.value}` } }
    expect((await fetch(`${url}/api/auth/refresh`, { ...sent, body: '{}' })).status).toBe(401)
  }

  await page.reload()
  await isSignedIn(page)
  expect(half).toMatch(/^[\w-]{43}$/)
  expect(await page.evaluate(() => localStorage.getItem('acu-refresh-binding'))).toBe(half)
})

test('a program on another port that takes the cookie and plants its own gets nowhere', async () => {
  const { context, page, url } = await setup()
  const seen: string[] = []
  const name = (await context.cookies()).find((each) => each.name.startsWith('acu_refresh'))?.name ?? ''
  const hostile = createServer((request, response) => {
    seen.push(request.headers.cookie ?? '')
    response.setHeader('set-cookie', [`${name}=${'E'.repeat(43)}; Path=/api/auth/refresh`, `${name}=b.${'E'.repeat(95)}; Path=/api`])
    response.setHeader('content-type', 'text/html').end('<title>hostile</title>')
  })
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => hostile.close(() => resolve())))
  const address = hostile.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')

  const other = await context.newPage()
  await other.goto(`http://${new URL(url).hostname}:${String(address.port)}/api/auth/refresh`)

  expect(seen.join()).toContain(`${name}=b.`)
  expect(await other.evaluate(() => localStorage.getItem('acu-refresh-binding'))).toBeNull()
  await other.close()
  await page.reload()
  await isSignedIn(page)
  expect((await context.cookies()).filter((each) => each.name === name)).toHaveLength(1)
})

test('a marker that another port planted, which no page can take away, ends at the sign-in page', async () => {
  const { context, page, url } = await setup()
  const marker = (await context.cookies()).find((each) => each.name.startsWith('acu_signed_in'))?.name ?? ''
  await context.clearCookies()
  await context.addCookies([{ name: marker, value: '1', domain: new URL(url).hostname, path: '/account', httpOnly: true }])

  await page.goto(`${url}/account`)

  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})

test('where the storage was cleared and the cookie was not, the sign-in page comes, once', async () => {
  const { page } = await setup()
  await page.evaluate(() => localStorage.clear())

  await page.reload()

  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('Name').fill('ada')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isSignedIn(page)
})

test('signing out leaves nothing in the browser but how the screen looks', async () => {
  const { page, context } = await setup()
  await page.evaluate(() => {
    localStorage.setItem('acu-theme', 'dark')
    localStorage.setItem('acu-drafts', '[{"key":"x","text":"half a thought"}]')
  })

  await page.getByRole('button', { name: 'Account and appearance' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  const left = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)])
  expect(left).toEqual([['acu-theme'], []])
  const cookies = await context.cookies()
  expect(cookies.filter(({ name }) => name.startsWith('acu_refresh') || name.startsWith('acu_signed_in'))).toEqual([])
})

function plain(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && name !== 'content-length' && name !== 'host'),
  )
}
