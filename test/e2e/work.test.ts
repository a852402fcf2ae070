import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { createOwner, sendPrompt, startSession, turnEnded } from '../support/steps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const [desktop] = DEVICES

/** Slow enough that an answer still runs when the next step of a journey comes. */
const SLOW_DEMO = ['--demo', '--demo-pace', '60']

describe.each(DEVICES)('on a $name', (device) => {
  test('Escape stops a running answer, and a prompt sent meanwhile is not lost', async () => {
    const { setupLink } = await startProduct({ arguments: SLOW_DEMO })
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await startSession(page, 'a long answer in markdown')
    await page
      .getByRole('heading', { level: 2 })
      .or(page.getByRole('heading', { level: 3 }))
      .first()
      .waitFor()
    await sendPrompt(page, 'and then list the files')
    await page.getByText('and then list the files').first().waitFor()
    await page.getByRole('textbox', { name: 'Prompt' }).press('Escape')
    await page
      .getByText(/Stopped/)
      .first()
      .waitFor()
    await sendPrompt(page, 'run `touch after-the-stop`')
    await page.getByRole('heading', { name: 'Run a command' }).waitFor()
  })

  test('a project is added with the folder picker, by keyboard, and removed again', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'work', 'bakery', 'oven'), { recursive: true })
    const { setupLink } = await startProduct({
      arguments: ['--data-dir', join(folder, 'data')],
      environment: { WORKSPACES_ROOT: join(folder, 'work') },
    })
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await page.getByRole('button', { name: 'Add project' }).first().press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('button', { name: /bakery/ })
      .first()
      .waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await dialog
      .getByRole('button', { name: /bakery/ })
      .first()
      .press('Enter')
    await dialog.getByText('oven').waitFor()
    await dialog.getByRole('button', { name: /^Add/ }).last().press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Projects' }).first().click()
    await page
      .getByRole('link', { name: /bakery/ })
      .first()
      .waitFor()
    expect(await seriousViolations(page)).toEqual([])

    await page
      .getByRole('link', { name: /bakery/ })
      .last()
      .click()
    await page.getByRole('button', { name: 'Actions for bakery' }).first().click()
    await page.getByRole('menuitem', { name: 'Remove from the list' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from the list' }).click()
    await page
      .getByText(/No projects yet|First project/)
      .filter({ visible: true })
      .first()
      .waitFor()
  })
})

test('a draft survives a reload', async () => {
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await startSession(page, 'list files')
  await turnEnded(page)
  await page.getByRole('textbox', { name: 'Prompt' }).fill('half a thought')
  await page.reload()
  await page.getByRole('textbox', { name: 'Prompt' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('half a thought')
})

test('the server goes away in the middle of an answer and comes back: nothing is lost and the session is resumed', async () => {
  const folder = await temporaryFolder()
  const options = { arguments: [...SLOW_DEMO, '--data-dir', join(folder, 'data')] }
  const first = await startProduct(options)
  const { page } = await openTab(browser, desktop, /ERR_CONNECTION_REFUSED|WebSocket|ERR_INCOMPLETE|ERR_EMPTY|401|Failed to load/)
  await createOwner(page, first.setupLink ?? '')
  await startSession(page, 'a long answer in markdown')
  await page
    .getByRole('heading', { level: 2 })
    .or(page.getByRole('heading', { level: 3 }))
    .first()
    .waitFor()
  const prompt = page.getByText('a long answer in markdown').first()
  const port = new URL(first.url).port

  await first.stop('SIGKILL')
  await page
    .getByText(/Reconnecting|offline/i)
    .first()
    .waitFor()
  await page.getByRole('textbox', { name: 'Prompt' }).fill('kept while away')

  const second = await startProduct({ arguments: [...options.arguments, '--port', port] })
  expect(second.url).toBe(first.url)
  await page.getByText('Interrupted').first().waitFor()
  expect(await prompt.isVisible()).toBe(true)
  expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('kept while away')
})

test('a session and its project are renamed, and an empty name cannot be sent', async () => {
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await startSession(page, 'list files')
  await page.getByRole('button', { name: 'Actions for this session' }).click()
  await page.getByRole('menuitem', { name: 'Rename session' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('  ')
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Title').fill('Stock-taking')
  await dialog.getByLabel('Title').press('Enter')
  await page.getByRole('heading', { name: /Stock-taking/ }).waitFor()

  await page.getByRole('link', { name: 'corner-shop' }).first().click()
  await page.getByRole('button', { name: 'Actions for corner-shop' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await dialog.getByLabel('Name').fill('Kiosk')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Kiosk' }).waitFor()
})
