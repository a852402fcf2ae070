import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { allowOnce, createOwner, PASSWORD, signIn, startSession } from '../support/steps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('from the printed link to an approved change that is still there after signing out and in again', async () => {
    const temporary = await temporaryFolder()
    const { setupLink, url } = await startProduct({ environment: { TMPDIR: temporary } })
    const { page } = await openTab(browser, device, /401 \(Unauthorized\)/)
    if (setupLink === null) throw new Error('no setup link was printed')

    await page.goto(url)
    await page.getByRole('heading', { name: 'Create the owner account' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.goto(setupLink)
    await expect
      .poll(() =>
        page
          .getByLabel('Setup code')
          .inputValue()
          .catch(() => ''),
      )
      .not.toBe('')
    expect(page.url()).not.toContain('setup=')
    await createOwner(page, setupLink)
    expect(await seriousViolations(page)).toEqual([])

    await startSession(page, 'Fix the failing test')
    await page.getByRole('heading', { name: 'Run a command' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    expect(await page.title()).toContain('(1)')
    await allowOnce(page)

    await page.getByRole('heading', { name: 'Change a file' }).waitFor()
    await page.getByText('src/cart.js').first().waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await allowOnce(page)
    await page.getByRole('heading', { name: 'Run a command' }).waitFor()
    await allowOnce(page)
    await page.getByText('all tests pass').waitFor()

    const files: string[] = []
    for await (const file of glob(join(temporary, '**/corner-shop/src/cart.js'))) files.push(file)
    expect(files).toHaveLength(1)
    expect(await readFile(files[0] ?? '', 'utf8')).toContain('line.priceCents * line.quantity')

    const sessionUrl = page.url()
    await page.reload()
    await page.getByText('all tests pass').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)

    await signOut(page, device.name)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.goto(sessionUrl)
    await signIn(page)
    await page.getByText('all tests pass').waitFor()
    expect(page.url()).toBe(sessionUrl)
    expect(url).toContain('127.0.0.1')
  })

  test('a wrong password and a short one are told in words and keep what was typed', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, device, /40[01] \((Unauthorized|Bad Request)\)/)
    await page.goto(setupLink ?? '')
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('needs at least 10 characters').waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('ada')

    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    await signOut(page, device.name)
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('not the right one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'Wrong name or password' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
  })
})

async function signOut(page: Awaited<ReturnType<typeof openTab>>['page'], device: string): Promise<void> {
  await page.goto(new URL('/', page.url()).href)
  if (device === 'phone') await page.getByRole('button', { name: 'More' }).click()
  else await page.getByRole('button', { name: 'Account and appearance' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
}
