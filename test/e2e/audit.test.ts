import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { allowOnce, createOwner, startSession, turnEnded } from '../support/steps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('the owner reads who allowed what, follows a call from prompt to result, checks the chain and exports it', async () => {
    const folder = await temporaryFolder()
    const { setupLink } = await startProduct({ environment: { AUDIT_FORWARD: `file:${join(folder, 'missing', 'audit.jsonl')}` } })
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await startSession(page, 'run `touch audited`')
    await allowOnce(page)
    await turnEnded(page)
    const sessionUrl = page.url()

    await openAudit(page, device)
    await page.getByRole('button', { name: /approval\.allowed/ }).waitFor()
    await looksRight(page)

    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText(/Chain verified, \d+ entries/).waitFor()
    await page.getByText('It is tried again until it works').waitFor()
    await looksRight(page)
    await mkdir(join(folder, 'missing'))

    await page.getByRole('combobox', { name: 'Action' }).selectOption('Approvals')
    await page.getByRole('button', { name: /auth\.registered/ }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?area=approval')
    await page.getByRole('textbox', { name: 'Who' }).fill('nobody')
    await page.getByRole('textbox', { name: 'Who' }).press('Enter')
    await page.getByRole('heading', { name: 'No entries' }).waitFor()
    await looksRight(page)
    await page.getByRole('button', { name: 'Clear filters' }).click()

    await page.getByRole('button', { name: /approval\.allowed/ }).press('Enter')
    const story = page.getByRole('dialog').getByRole('list')
    for (const action of ['session.prompted', 'approval.requested', 'approval.allowed', 'tool.ended'])
      await story.getByText(action).waitFor()
    expect(await page.getByRole('dialog').textContent()).not.toContain('touch audited')
    await looksRight(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('link', { name: 'Show all that is about it' }).click()
    await page.getByText(/Only about ses_/).waitFor()
    await page.getByRole('button', { name: /session\.started/ }).waitFor()
    await looksRight(page)

    await page.getByText(/^(Handed on to|Being handed on to) file:/).waitFor({ timeout: 40_000 })

    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()])
    expect(saved.suggestedFilename()).toBe('audit.jsonl')
    const lines = await linesOf(await saved.path())
    expect(lines.some((line) => line.includes('"approval.allowed"'))).toBe(true)

    await page.getByRole('button', { name: /session\.started/ }).click()
    await page.getByRole('link', { name: 'Open the session' }).click()
    await page.waitForURL(sessionUrl)
  })
})

async function openAudit(page: Page, device: Device): Promise<void> {
  await page.goto(new URL('/', page.url()).href)
  if (device.name === 'phone') await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('link', { name: 'Audit log' }).filter({ visible: true }).click()
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor()
}

async function looksRight(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
  const folder = process.env.SCREENSHOTS
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/audit-${String(page.viewportSize()?.width)}-${String(Date.now())}.png` })
}

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) lines.push(line)
  return lines
}
