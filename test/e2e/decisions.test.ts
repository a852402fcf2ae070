import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { allowOnce, createOwner, sendPrompt, signIn, startSession, turnEnded } from '../support/steps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const [desktop, phone] = DEVICES

describe.each(DEVICES)('on a $name', (device) => {
  test('a rejection with a reason reaches the agent, and the reason is in the conversation', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await startSession(page, 'run `touch made-by-agent`')
    await page.getByRole('button', { name: /^Reject/ }).click()
    await page.getByLabel('Tell the agent what to do instead').fill('Use another name, please')
    await page.getByRole('button', { name: 'Reject', exact: true }).click()
    await page.getByText('Use another name, please').first().waitFor()
    await page.getByText('not allowed').first().waitFor()
    await turnEnded(page)
    expect(await seriousViolations(page)).toEqual([])
  })

  test('a question of the agent is answered on its card', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await startSession(page, 'ask me a question')
    await page.getByRole('button', { name: 'Send answers' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    for (const group of await page.getByRole('group').all()) await group.locator('label').first().click()
    await page.getByRole('button', { name: 'Send answers' }).click()
    await page.getByText('Thank you. I go on with this').waitFor()
  })

  test('a plan is read, changed and approved with the mode to go on in', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await page.getByRole('link', { name: 'New session' }).first().click()
    await page.getByLabel('Permission mode').selectOption({ label: 'Plan' })
    await page.getByRole('textbox', { name: 'Prompt' }).fill('make a plan for a discount')
    await page.getByRole('button', { name: 'Start session' }).click()
    await page.getByRole('button', { name: 'Approve and accept edits' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await page.getByRole('button', { name: 'Edit the plan' }).click()
    const plan = page.getByLabel('The plan, as Markdown')
    await plan.fill(`${await plan.inputValue()}\n\nKeep the cents whole.`)
    await page.getByRole('button', { name: 'Approve and accept edits' }).click()
    await expect.poll(() => page.getByLabel('Permission mode').inputValue()).toBe('acceptEdits')
  })
})

test('both devices see a request; one decides, the other is told who did', async () => {
  const { setupLink, url } = await startProduct()
  const laptop = await openTab(browser, desktop)
  await createOwner(laptop.page, setupLink ?? '')
  const handset = await openTab(browser, phone, /401 \(Unauthorized\)/)
  await handset.page.goto(url)
  await signIn(handset.page)
  await handset.page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()

  await startSession(laptop.page, 'run `touch once`')
  await laptop.page.getByRole('button', { name: 'Allow once' }).waitFor()
  await handset.page.getByRole('link', { name: /Inbox/ }).click()
  await allowOnce(handset.page)
  await laptop.page
    .getByText(/Allowed by ada/)
    .first()
    .waitFor()
  await handset.page.getByText('Nothing waits for you').waitFor()
})

test('a grant for the session covers the same command and no other', async () => {
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  // What is remembered holds for the files as they are: once it is there, the file stays as it is.
  await startSession(page, 'run `touch granted`')
  await allowOnce(page)
  await page.getByText('Ran touch granted').waitFor()
  await turnEnded(page)
  await sendPrompt(page, 'run `touch granted`')
  await page.getByRole('button', { name: 'Allow and remember…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('touch granted').first().waitFor()
  expect(await dialog.getByRole('radio', { name: 'This session' }).isChecked()).toBe(true)
  expect(await seriousViolations(page)).toEqual([])
  const remember = dialog.getByRole('button', { name: 'Allow and remember' })
  await expect.poll(() => remember.getAttribute('aria-disabled')).toBe('false')
  await remember.click()
  await turnEnded(page)

  await sendPrompt(page, 'run `touch granted`')
  await page.getByText('Ran touch granted').nth(2).waitFor()
  await turnEnded(page)

  await sendPrompt(page, 'run `touch granted-not`')
  await page.getByRole('heading', { name: 'Run a command' }).waitFor()
})

test('nobody decides in time: the request is denied and says so', async () => {
  const { setupLink } = await startProduct({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '1500' } })
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await startSession(page, 'run `touch late`')
  await page.getByRole('heading', { name: 'Run a command' }).waitFor()
  await page
    .getByText(/not decided in time|Nobody decided in time/i)
    .first()
    .waitFor()
})

test('a request is allowed by keyboard alone, plain Enter never does, and the prompt has the focus again', async () => {
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await startSession(page, 'run `touch by-keyboard`')
  const allow = page.getByRole('button', { name: 'Allow once' })
  await allow.waitFor()
  await page.getByRole('textbox', { name: 'Prompt' }).press('Enter')
  await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Shift+A')
  await page.keyboard.press('Enter')
  expect(await allow.isVisible()).toBe(true)
  await expect
    .poll(async () => {
      await page.keyboard.press('Control+Enter')
      return page.getByText('Ran touch by-keyboard').first().isVisible()
    })
    .toBe(true)
  await expect.poll(() => page.getByRole('textbox', { name: 'Prompt' }).evaluate((field) => field === document.activeElement)).toBe(true)
})
