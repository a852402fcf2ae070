import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { allowButton, startCardStage } from '../support/card-stage.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { PASSWORD, signIn } from '../support/steps.ts'
import { TestClock } from '../support/test-clock.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const SIX_MINUTES_MS = 6 * 60_000
const REFUSED = /40[13] \((Unauthorized|Forbidden)\)/

describe.each(DEVICES)('on a $name', (device) => {
  test('an owner freezes everything, every device says so, and a fresh proof releases it', async () => {
    const clock = new TestClock(new Date().toISOString())
    const { page, agent, url } = await startCardStage(browser, device, { clock, expected: REFUSED })
    const other = await openTab(browser, device, REFUSED)
    await other.page.goto(url)
    await signIn(other.page)
    await other.page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    const verdict = agent.ask(commandAsk('touch before-the-freeze'))
    await allowButton(page).waitFor()

    await page.goto(`${url}/inbox`)
    await page.getByRole('button', { name: 'Freeze all agents' }).click()
    await page.getByText('What waits for a decision is denied.').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.getByLabel('Reason').fill('Looking at something odd')
    await page.getByRole('button', { name: 'Freeze now' }).click()
    expect(await verdict).toMatchObject({ outcome: 'denied' })
    await page.getByText('All agents are frozen.').waitFor()
    expect(await page.getByRole('button', { name: 'Freeze all agents' }).count()).toBe(0)

    await other.page.getByText('Looking at something odd').waitFor()
    expect(await seriousViolations(other.page)).toEqual([])
    expect(await scrollsSideways(other.page)).toBe(false)
    await other.page.reload()
    clock.advance(SIX_MINUTES_MS)
    await other.page.getByRole('button', { name: 'Unfreeze' }).click()
    await other.page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD)
    await other.page.getByRole('button', { name: 'Confirm' }).click()
    await other.page.getByText('All agents are frozen.').waitFor({ state: 'detached' })
    await page.getByText('All agents are frozen.').waitFor({ state: 'detached' })
  })
})
