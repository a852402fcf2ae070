import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD } from '../support/api-client.ts'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { sessionOf } from '../support/session-steps.ts'
import { signIn } from '../support/steps.ts'
import { TestClock } from '../support/test-clock.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

const BUILT_WEB = join(dirname(dirname(import.meta.dirname)), 'dist', 'web')
const MINUTE = 60_000
/** What a proof that is missing leaves in the console. */
const REFUSED = /40[13] \((Unauthorized|Forbidden)\)/
const LINE = /Skips approvals until \d/

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('approvals are skipped for a time after a fresh proof, which every device shows and either can end', async () => {
    const { page, clock, url, sessionId, agent, api } = await openSession(device)
    clock.advance(6 * MINUTE)
    await chooseSkip(page)
    await page.getByRole('heading', { name: 'Skip approvals for a time?' }).waitFor()
    await isSound(page)
    await page.getByLabel('For how long').selectOption('15')
    await page.getByRole('button', { name: 'Skip approvals' }).click()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page.keyboard.press('Escape')
    expect((await sessionOf(api, sessionId)).mode).toBe('default')
    await page.getByRole('button', { name: 'Skip approvals' }).click()
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Confirm' }).click()

    await page.getByRole('status').filter({ hasText: LINE }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await sessionOf(api, sessionId)).modeUntil).toBe('2026-11-01T12:21:00.000Z')
    expect(await agent.ask(commandAsk('npm test'))).toMatchObject({ outcome: 'allowed' })
    await isSound(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await isSound(page)

    const { page: other } = await openTab(browser, device, REFUSED)
    await other.goto(`${url}/sessions/${sessionId}`)
    await signIn(other, PASSWORD)
    await other.getByRole('status').filter({ hasText: LINE }).waitFor()
    await other.getByRole('button', { name: 'Ask again now' }).click()

    for (const each of [page, other]) await each.getByText(LINE).waitFor({ state: 'detached' })
    expect(await page.getByLabel('Permission mode').inputValue()).toBe('default')
    expect((await sessionOf(api, sessionId)).mode).toBe('default')
  })
})

test('how long the requests of a project wait is chosen from its menu', async () => {
  const { page, url, api, project } = await openSession(DEVICES[0])
  await page.goto(`${url}/projects/${project.id}`)
  await page.getByRole('button', { name: 'Actions for shop' }).click()
  await page.getByRole('menuitem', { name: 'How long requests wait' }).click()
  await page.getByLabel('Waiting time').selectOption('As long as the session lives')
  await isSound(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  expect(await api.request('GET', '/projects')).toMatchObject({ body: { items: [{ approvalTimeoutSeconds: 0 }] } })
})

async function openSession(device: Device) {
  const clock = new TestClock()
  const workplace = await startWorkplace({ role: 'owner', builtWeb: BUILT_WEB, clock })
  const { sessionId, agent } = await startSession(workplace)
  await agent.answer('Hello')
  const { page } = await openTab(browser, device, REFUSED)
  await page.goto(`${workplace.url}/sessions/${sessionId}`)
  await signIn(page, PASSWORD)
  await page.getByLabel('Permission mode').waitFor()
  return { page, clock, url: workplace.url, sessionId, agent, api: workplace.device, project: workplace.project }
}

async function chooseSkip(page: Page): Promise<void> {
  await page.getByLabel('Permission mode').selectOption('bypassPermissions')
}

async function isSound(page: Page): Promise<void> {
  // Colours change over some frames.
  await expect.poll(() => seriousViolations(page), { timeout: 10_000 }).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}
