import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { createOwner, sendPrompt, startSession } from '../support/steps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const [desktop, phone] = DEVICES
const allowButton = (page: Page) => page.getByRole('button', { name: 'Allow once' })
/** Presses take effect once the card has stood still for a moment. */
const isArmed = (page: Page) => expect.poll(() => allowButton(page).getAttribute('aria-disabled')).toBe('false')

async function openSession(device: (typeof DEVICES)[number], prompt: string): Promise<Page> {
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, device)
  await createOwner(page, setupLink ?? '')
  await startSession(page, prompt)
  await allowButton(page).waitFor()
  return page
}

describe.each(DEVICES)('on a $name', (device) => {
  test('what hides in a command is written out and counted', async () => {
    const page = await openSession(device, `run \`echo \u202e\u200b\u001b[8m g\u0456t;${' '.repeat(3000)}touch hidden\``)
    const command = page.getByRole('group', { name: 'Command', exact: true })
    for (const label of ['U+202E', 'U+200B', 'U+001B', 'U+0456', '3,000 blanks']) await command.getByText(label, { exact: true }).waitFor()
    await page.getByText(/^5 places not what it seems/).waitFor()
    await command.getByText('touch', { exact: true }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
  })

  test('a long command is folded, and allowed only once its fold was opened', async () => {
    const page = await openSession(device, `run \`echo ${'a'.repeat(20_000)} ; touch folded-away\``)
    const fold = page.getByRole('button', { name: /characters hidden/ })
    await fold.waitFor()
    await page.waitForTimeout(600)
    expect(await allowButton(page).getAttribute('aria-disabled')).toBe('true')
    await allowButton(page).click({ force: true })
    await fold.click()
    await isArmed(page)
    await allowButton(page).click()
    await allowButton(page).waitFor({ state: 'detached' })
    expect(await seriousViolations(page)).toEqual([])
  })
})

test('on a phone the two answers are large, apart, and at the bottom of the card', async () => {
  const page = await openSession(phone, 'run `touch by-thumb`')
  const allow = await allowButton(page).boundingBox()
  const reject = await page.getByRole('button', { name: 'Reject' }).boundingBox()
  if (!allow || !reject) throw new Error('A button has no place.')
  expect(Math.min(allow.height, reject.height)).toBeGreaterThanOrEqual(44)
  expect(allow.x - (reject.x + reject.width)).toBeGreaterThanOrEqual(12)
  expect(allow.y).toBe(reject.y)
})

test('each button has its letter: it works on the card and with nothing in focus, never in a field', async () => {
  const page = await openSession(desktop, 'run `touch by-letter`')
  const prompt = page.getByRole('textbox', { name: 'Prompt' })
  await isArmed(page)
  await prompt.pressSequentially('aaa')
  expect(await allowButton(page).isVisible()).toBe(true)
  await prompt.fill('')

  await prompt.press('Control+Shift+A')
  await page.keyboard.press('s')
  await page.getByRole('menuitem').first().waitFor()
  await page.keyboard.press('a')
  await page.keyboard.press('Escape')
  expect(await allowButton(page).isVisible()).toBe(true)

  await prompt.press('Control+Shift+A')
  await page.keyboard.press('e')
  await page.getByLabel('The command, as it will run').fill('touch edited-by-person')
  await page.getByRole('button', { name: 'Allow my text' }).click()
  await page.getByText('touch edited-by-person').first().waitFor()

  await sendPrompt(page, 'run `touch by-reject`')
  await isArmed(page)
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
  await expect
    .poll(
      async () => {
        await page.keyboard.press('r')
        return page.getByLabel('Tell the agent what to do instead').isVisible()
      },
      { interval: 1000, timeout: 10_000 },
    )
    .toBe(true)
})
