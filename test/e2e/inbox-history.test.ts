import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEVICES, launchBrowser, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { allowButton, isArmed, startCardStage } from '../support/card-stage.ts'
import { commandAsk } from '../support/scripted-provider.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

describe.each(DEVICES)('on a $name', (device) => {
  test('what was decided is found in the inbox, by outcome, by who decided and by text', async () => {
    const { page, agent, url } = await startCardStage(browser, device)
    const first = agent.ask(commandAsk('touch allowed-one'))
    await isArmed(page)
    await allowButton(page).click()
    await first
    const second = agent.ask(commandAsk('touch refused-one'))
    await isArmed(page)
    await page.getByRole('button', { name: /^Reject/ }).click()
    await page.getByLabel('Tell the agent what to do instead').fill('Not that')
    await page.waitForTimeout(600)
    await page.getByRole('button', { name: 'Reject', exact: true }).click()
    await second

    await page.goto(`${url}/inbox`)
    await page.getByText('Nothing waits for you').first().waitFor()
    await page.getByRole('link', { name: 'Decided' }).click()
    const list = page.getByRole('list', { name: 'Decisions, newest first' })
    await list.getByText('“Not that”').waitFor()
    expect(await list.getByRole('listitem').count()).toBe(2)
    expect(await seriousViolations(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)

    await page.getByLabel('Outcome').selectOption({ label: 'Allowed' })
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1)
    await list.getByText('touch allowed-one').waitFor()
    await page.getByLabel('Contains').fill('refused')
    await page.keyboard.press('Enter')
    await page.getByText('No such decision').waitFor()
    await page.getByLabel('Outcome').selectOption({ label: 'Any' })
    await list.getByText('touch refused-one').waitFor()
    await page.reload()
    await list.getByText('touch refused-one').waitFor()
    await page.getByLabel('Decided by').selectOption({ label: 'A rule' })
    await page.getByText('No such decision').waitFor()
  })
})
