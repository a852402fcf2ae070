import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Device, openTab } from './browser.ts'
import { type ScriptedAgent, ScriptedProvider } from './scripted-provider.ts'
import { createOwner, startSession } from './steps.ts'
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts'

const BUILT_WEB = join(dirname(dirname(import.meta.dirname)), 'dist', 'web')

/** A session on a real page whose agent does what the test says, in a turn, so that it may ask. */
export interface CardStage extends TestApp {
  page: Page
  agent: ScriptedAgent
  provider: ScriptedProvider
}

/** @param expected what the page may complain of */
export async function startCardStage(
  browser: Browser,
  device: Device,
  { expected, ...options }: Omit<TestAppOptions, 'providers' | 'builtWeb'> & { expected?: RegExp } = {},
): Promise<CardStage> {
  const provider = new ScriptedProvider()
  const server = await startTestApp({ ...options, providers: [provider], builtWeb: BUILT_WEB })
  const { page } = await openTab(browser, device, expected)
  await createOwner(page, `${server.url}/#setup=${server.setupCode ?? ''}`)
  await addProject(page)
  await startSession(page, 'Do something')
  const agent = await provider.nextAgent()
  await agent.startTurn()
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
  return { ...server, page, agent, provider }
}

/** The only folder there is, as a project. */
export async function addProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add project' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /shop/ }).first().click()
  await dialog.getByRole('button', { name: /^Add/ }).last().click()
  await dialog.waitFor({ state: 'detached' })
}

export function allowButton(page: Page) {
  return page.getByRole('button', { name: /^Allow (once|my text)/ })
}

/** Presses take effect once the card has stood still for a moment. */
export async function isArmed(page: Page): Promise<void> {
  await expect.poll(() => allowButton(page).getAttribute('aria-disabled'), { timeout: 10_000 }).toBe('false')
}
