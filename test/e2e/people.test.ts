import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, Device as ApiDevice } from '../support/api-client.ts'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { allowOnce, createOwner, PASSWORD, startSession, turnEnded } from '../support/steps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

/** What a login that is not there yet, or not any more, leaves in the console. */
const REFUSED = /401 \(Unauthorized\)/

describe.each(DEVICES)('on a $name', (device) => {
  test('an invited viewer watches live without a way to act, and takes part once the owner lets them', async () => {
    const { setupLink, url } = await startProduct()
    const { page: owner } = await openTab(browser, device)
    await createOwner(owner, setupLink ?? '')
    await startSession(owner, 'run `touch watched`')
    await owner.getByRole('button', { name: 'Allow once' }).waitFor()
    const sessionUrl = owner.url()

    const link = await invite(owner, device, 'Viewer')
    expect(link).toContain(`${url}/#invite=`)
    const { page: viewer } = await openTab(browser, device, REFUSED)
    await accept(viewer, link, 'eve')
    expect(await viewer.getByRole('link', { name: 'New session' }).count()).toBe(0)
    expect(await viewer.getByRole('link', { name: /Inbox/ }).count()).toBe(0)
    await viewer
      .getByRole('link', { name: /touch watched|New session/ })
      .filter({ visible: true })
      .last()
      .click()
    await viewer.getByText('You can watch. Ask the owner for the member role').waitFor()
    await viewer.getByRole('feed').getByText('waiting for a decision').filter({ visible: true }).first().waitFor()
    expect(await viewer.getByRole('textbox').count()).toBe(0)
    expect(await viewer.getByRole('button', { name: /Allow|Reject|Actions for this session/ }).count()).toBe(0)
    expect(await viewer.title()).not.toContain('●')
    expect(await seriousViolations(viewer)).toEqual([])
    expect(await scrollsSideways(viewer)).toBe(false)

    await owner.goto(sessionUrl)
    await allowOnce(owner)
    await turnEnded(owner)
    await viewer.getByText('Ran touch watched').first().waitFor()

    await openUsers(owner, device)
    await owner.getByRole('button', { name: 'Actions for eve' }).click()
    await owner.getByRole('menuitem', { name: 'Change role' }).click()
    expect(await seriousViolations(owner)).toEqual([])
    await owner.getByRole('radio', { name: 'Member' }).check()
    await owner.getByRole('button', { name: 'Save' }).click()
    await owner.getByRole('dialog').waitFor({ state: 'detached' })
    await viewer.getByText('This session is ada’s').waitFor()
    await viewer.goto(url)
    await viewer.getByRole('link', { name: 'New session' }).filter({ visible: true }).first().waitFor()
  })

  test('a user is disabled and removed, each told with what it means', async () => {
    const { setupLink } = await startProduct()
    const { page: owner } = await openTab(browser, device)
    await createOwner(owner, setupLink ?? '')
    const link = await invite(owner, device, 'Member')
    const { page: member } = await openTab(browser, device, REFUSED)
    await accept(member, link, 'bob')

    await owner.reload()
    await owner.getByRole('button', { name: 'Actions for bob' }).click()
    await owner.getByRole('menuitem', { name: 'Disable' }).click()
    await owner.getByText('bob is signed out everywhere at once').waitFor()
    expect(await seriousViolations(owner)).toEqual([])
    await owner.getByRole('button', { name: 'Disable', exact: true }).click()
    await owner.getByText('Disabled', { exact: true }).waitFor()
    await member.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await seriousViolations(owner)).toEqual([])
    expect(await scrollsSideways(owner)).toBe(false)

    await owner.getByRole('button', { name: 'Actions for bob' }).click()
    await owner.getByRole('menuitem', { name: 'Remove' }).click()
    const remove = owner.getByRole('button', { name: 'Remove for good' })
    expect(await remove.isDisabled()).toBe(true)
    expect(await scrollsSideways(owner)).toBe(false)
    await owner.getByLabel('Type bob to confirm').fill('bob')
    await remove.click()
    await owner.getByRole('button', { name: 'Actions for bob' }).waitFor({ state: 'detached' })
    // Nobody changes their own rights.
    expect(await owner.getByRole('button', { name: 'Actions for ada' }).count()).toBe(0)
  })

  test('an API key is shown once, works, and works no more once it is revoked', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await page.goto(`${url}/account#api-keys`)
    await page.getByRole('button', { name: 'Create API key' }).click()
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('nightly build')
    expect(await page.getByRole('checkbox', { name: 'Read' }).isChecked()).toBe(true)
    expect(await page.getByLabel('Expires').inputValue()).toBe('90')
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('It will not be shown again').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    const key = (await page.getByRole('group', { name: 'API key' }).textContent()) ?? ''
    expect(key).toMatch(/^acu_[\w-]{43}$/)
    await page.getByRole('button', { name: 'Done' }).click()
    expect(await page.content()).not.toContain(key)

    const headers = { authorization: `Bearer ${key}` }
    expect((await callApi(url, 'GET', '/sessions', { headers })).status).toBe(200)
    expect((await callApi(url, 'GET', '/users', { headers })).status).toBe(403)
    await page.getByRole('button', { name: 'Revoke nightly build' }).click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('You have no API keys.').waitFor()
    expect((await callApi(url, 'GET', '/sessions', { headers })).status).toBe(401)
  })

  test('a new device is told of on the others, and its login ends from there', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await startSession(page, 'list files')
    await turnEnded(page)
    const place = () => page.getByRole('feed').boundingBox()
    const before = await place()

    const stranger = await signInOnAndroid(url)
    const notice = page.getByRole('group', { name: /Firefox on Android signed in .* Was that you/ })
    await notice.waitFor()
    expect(await place()).toEqual(before)
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await notice.getByRole('button', { name: 'End that login' }).press('Enter')
    await notice.getByText('Firefox on Android is signed out').waitFor()
    expect((await stranger.request('GET', '/sessions')).status).toBe(401)
    expect(await seriousViolations(page)).toEqual([])

    await notice.getByRole('button', { name: 'Dismiss' }).press('Enter')
    await notice.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    const [read] = await Promise.all([page.waitForResponse('**/api/auth/notices'), page.reload()])
    expect(await read.json()).toEqual({ items: [], nextCursor: null })
  })

  test('a login that somebody copied is told of as a warning, which leads to the devices', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    const stranger = await signInOnAndroid(url)
    let cookie = stranger.refreshCookie
    for (let round = 0; round < 2; round++) cookie = await refreshedCookie(url, cookie)
    await refreshedCookie(url, stranger.refreshCookie)

    const warning = page.getByRole('alert').getByRole('group', { name: /came a second time, from / })
    await warning.waitFor()
    await warning.getByText('1 more').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await warning.getByRole('link', { name: 'Look at devices' }).click()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    expect(page.url()).toBe(`${url}/account#devices`)
    // The login of the other notice has ended: nothing is left to end.
    await page
      .getByRole('group', { name: /Firefox on Android signed in/ })
      .getByRole('link', { name: 'Change password' })
      .waitFor()
    expect(await page.getByRole('button', { name: 'End that login' }).count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('devices-title')
  })

  test('platform mode says who everybody is, and offers no account', async () => {
    const { url } = await startProduct({ environment: { PLATFORM_MODE: 'true' } })
    // Whether there is a login is asked before it is known that there are none.
    const { page } = await openTab(browser, device, /409 \(Conflict\) \(\S+\/api\/auth\/refresh\)/)
    await page.goto(url)
    await page.getByText('Platform mode: everybody who reaches this address acts as local, without a login.').waitFor()
    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0)
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await startSession(page, 'run `touch by-anybody`')
    await allowOnce(page)
    await turnEnded(page)
  })
})

/** Another device of the owner. */
async function signInOnAndroid(url: string): Promise<ApiDevice> {
  const headers = { 'user-agent': 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0' }
  return new ApiDevice(url, await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: PASSWORD }, headers }))
}

/** The cookie that a refresh answers to `cookie`; empty where it is refused. */
async function refreshedCookie(url: string, cookie: string): Promise<string> {
  const { headers } = await callApi(url, 'POST', '/auth/refresh', { body: {}, headers: { cookie, origin: url } })
  const next = headers.getSetCookie().find((each) => each.startsWith('acu_refresh_'))
  return next?.split(';')[0] ?? ''
}

async function openUsers(page: Page, device: Device): Promise<void> {
  await page.goto(new URL('/', page.url()).href)
  if (device.name === 'phone') await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('link', { name: 'Users' }).filter({ visible: true }).click()
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
}

/** Makes an invitation on the users screen. Returns its link. */
async function invite(page: Page, device: Device, role: 'Member' | 'Viewer'): Promise<string> {
  await openUsers(page, device)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('radio', { name: role }).check()
  expect(await seriousViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Create link' }).click()
  const link = (await page.getByRole('group', { name: 'Link' }).textContent()) ?? ''
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText(`As ${role.toLowerCase()}`).waitFor()
  return link
}

/** Makes the account that a link invites to, which signs in with it. */
async function accept(page: Page, link: string, username: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill(username)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
  expect(page.url()).not.toContain('invite')
}
