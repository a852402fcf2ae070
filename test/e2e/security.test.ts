import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { FAST_DEMO, startProduct } from '../support/product.ts'
import { createOwner } from '../support/steps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('the owner reads the checklist, follows what is wrong, copies a command and looks again', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const { setupLink } = await startProduct({ arguments: [...FAST_DEMO, '--data-dir', folder] })
    const { page, context } = await openTab(browser, device)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await createOwner(page, setupLink ?? '')
    const left = join(folder, 'left-open')
    await writeFile(left, '')
    await chmod(left, 0o644)

    await openSecurity(page, device)
    const open = page.getByText('Failed: Files in the data folder are for their owner alone')
    await open.waitFor()
    await page.getByText(`${left} has mode 0644.`).waitFor()
    await looksRight(page)

    const failed = page.getByRole('listitem').filter({ has: open })
    await failed.getByRole('button', { name: 'Copy the command' }).click()
    await failed.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`chmod -R u=rwX,go= ${folder}`)

    await page.getByRole('combobox', { name: 'Show' }).selectOption('all')
    const csp = page.locator('#http-csp')
    await csp.getByText('A strict content security policy').focus()
    await csp.locator('summary').press('Enter')
    await csp.getByText('default-src, script-src and frame-ancestors are strict').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await looksRight(page)

    const before = await scoreOn(page)
    await chmod(left, 0o600)
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('Passed: Files in the data folder are for their owner alone').waitFor()
    expect(await scoreOn(page)).toBeGreaterThanOrEqual(before)
    await page.getByRole('combobox', { name: 'Show' }).selectOption('fail')
    expect(await page.getByText('Files in the data folder').count()).toBe(0)
    await looksRight(page)
  })
})

async function openSecurity(page: Page, device: Device): Promise<void> {
  if (device.name === 'phone') await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('link', { name: 'Security' }).filter({ visible: true }).click()
  await page.getByRole('heading', { name: 'Security', level: 1 }).waitFor()
}

async function scoreOn(page: Page): Promise<number> {
  const words = await page.getByText(/^Score \d+ of 100$/).textContent()
  return Number(/\d+/.exec(words ?? '')?.[0])
}

async function looksRight(page: Page): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/security-${String(page.viewportSize()?.width)}-${String(Date.now())}.png` })
  // Colours change over some frames.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}
