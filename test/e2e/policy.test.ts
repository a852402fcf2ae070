import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { Policy } from '#protocol/policy'
import { callApi, Device as ApiDevice } from '../support/api-client.ts'
import { type Device, DEVICES, launchBrowser, openTab, scrollsSideways, seriousViolations } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { createOwner, PASSWORD, signIn, startSession } from '../support/steps.ts'
import { accept, invite } from '../support/user-steps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const CreatedUser = z.object({ user: z.object({ id: z.string() }) })

/** What an answer of 409 leaves in the console. */
const STALE = /409 \(Conflict\)/

describe.each(DEVICES)('on a $name', (device) => {
  test('a rule is made, explained, reviewed and saved, and decides the call that is tried', async () => {
    const { setupLink } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await openPolicy(page, device)
    await page.getByText('There are no rules. The preset decides every call.').waitFor()
    await expectSound(page)

    await page.getByRole('button', { name: 'git status; rm -rf ~' }).click()
    await page.getByText('No rule decided it.').waitFor()
    await page.getByRole('button', { name: 'Add rule' }).click()
    await page.getByRole('radio', { name: 'Deny' }).check()
    await page.getByRole('button', { name: 'Keep rule' }).click()
    await page.getByRole('alert').getByText('Fill in at least one condition').waitFor()
    await page.getByLabel('Command', { exact: true }).fill('rm **')
    await page.getByLabel('Reason').fill('Nothing is deleted for good')
    await page.getByText('Denies commands like “rm **” everywhere.').waitFor()
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('There are no past calls in this project.').waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Keep rule' }).click()
    await page.getByText('1 change is not saved').waitFor()
    await expectSound(page)

    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByRole('list', { name: 'What changes' }).getByText('Commands: rm **').waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The policy is saved.').waitFor()
    await page.getByText('By ada').waitFor()

    await page.getByRole('button', { name: 'git status; rm -rf ~' }).click()
    await page.getByText('Nothing is deleted for good').nth(1).waitFor()
    await expectSound(page)
    await expectSoundInTheDark(page)
    await page.getByRole('link', { name: 'Commands: rm **' }).click()
    await page.getByText('This one decided').waitFor()
    await expectSound(page)
  })

  test('changes that somebody else saved first are shown, kept, and built upon', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, device, STALE)
    await createOwner(page, setupLink ?? '')
    await openPolicy(page, device)
    await page.getByRole('radio', { name: 'Read-only' }).check()
    await saveElsewhere(url, ['git log *'])
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Somebody changed the policy meanwhile').waitFor()
    await page.getByRole('list', { name: 'What changes' }).getByText('Commands: git log *').waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Put my changes on top' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The policy is saved.').waitFor()
    await page.getByText('Commands: git log *').waitFor()
    await expectSoundInTheDark(page)
    expect(await page.getByRole('radio', { name: 'Read-only' }).isChecked()).toBe(true)
  })

  test('a deleted rule comes back; the text says where it is wrong, and joins the other changes once it is right', async () => {
    const { setupLink, url } = await startProduct()
    const { page } = await openTab(browser, device)
    await createOwner(page, setupLink ?? '')
    await saveElsewhere(url, ['git log *'])
    await openPolicy(page, device)
    await page.getByRole('button', { name: 'Delete the rule Commands: git log *' }).click()
    await page.getByText('Deleted', { exact: true }).waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Undo the change to the rule Commands: git log *' }).click()
    await page.getByText('1 change is not saved').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Edit as text' }).click()
    const text = page.getByRole('textbox', { name: 'Policy as JSON' })
    const good = await text.inputValue()
    await text.fill(good.replace('"allow"', '"permit"'))
    await page.getByText('Rule 1, decision: must be one of "allow", "ask", "deny"').waitFor()
    expect(await page.getByRole('button', { name: 'Take over' }).isDisabled()).toBe(true)
    await expectSound(page)
    await page.getByRole('button', { name: /^Line \d+$/ }).click()
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('"permit"')
    await text.fill(good.replace('"allow"', '"ask"'))
    await page.getByRole('button', { name: 'Take over' }).click()
    await page.getByText('1 change is not saved').waitFor()
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByText('Decision', { exact: true }).last().waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The policy is saved.').waitFor()
  })
})

test('of 2,000 rules some are drawn, each can be found, and the one that an address names is shown', async () => {
  const [desktop] = DEVICES
  const { setupLink, url } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  const rules = await saveElsewhere(
    url,
    Array.from({ length: 2000 }, (_, index) => `tool-${String(index)} run **`),
  )
  await openPolicy(page, desktop)
  await page.getByText('100 of 2000 rules are shown.').waitFor()
  expect(await page.getByRole('button', { name: /^Edit the rule/ }).count()).toBe(100)
  await page.getByRole('button', { name: 'Show 100 more' }).click()
  await page.getByText('200 of 2000 rules are shown.').waitFor()
  await page.getByLabel('Search rules').fill('tool-1999')
  await page.getByText('Everywhere (1)').waitFor()
  const { id } = rules.find(({ match }) => match.command === 'tool-1500 run **') ?? { id: '' }
  await page.goto(`${url}/policy?rule=${id}`)
  await page.getByText('This one decided').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('tool-1500 run **')
  await page.goto(`${url}/policy?rule=rul_${'a'.repeat(22)}`)
  await page.getByText('it was deleted, it ended, or it is not yours to see').waitFor()
})

test('from a call that a rule denied, and from its entry in the audit log, one comes to the rule', async () => {
  const [desktop] = DEVICES
  const { setupLink, url } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await saveElsewhere(url, ['touch **'], 'deny')
  await startSession(page, 'run `touch audited`')
  await page
    .getByRole('feed')
    .getByRole('button', { name: /touch audited/ })
    .click()
  await page.getByText('Denied without asking: A global rule of ada denies it.').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Open the rule' }).click()
  await page.getByText('This one decided').waitFor()
  await page.getByRole('link', { name: 'Audit log' }).click()
  await page.getByRole('button', { name: /approval\.denied/ }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Open the rule' }).click()
  await page.getByText('This one decided').waitFor()
  await page.getByRole('button', { name: 'Edit the rule Commands: touch **' }).click()
  await page.getByRole('button', { name: 'Replay' }).click()
  await page.getByText('It would have covered 1 of 1 past call.').waitFor()
  await page.getByText('A person denied none of these.').waitFor()
})

test('a member reads the policy, changes nothing of it, and takes back a rule of their own', async () => {
  const [desktop, phone] = DEVICES
  const { setupLink, url } = await startProduct()
  const { page: ownersPage } = await openTab(browser, desktop)
  await createOwner(ownersPage, setupLink ?? '')
  const owner = await ownersOtherDevice(url)
  const { code } = await invite(owner)
  const { id } = CreatedUser.parse((await accept(url, code, 'bob', PASSWORD)).body).user
  const match = (command: string) => ({ decision: 'ask', match: { command } })
  const rules = [
    { ...match('git push **'), scope: { kind: 'global' } },
    { ...match('rm **'), scope: { kind: 'user', userId: id } },
    { decision: 'allow', match: { tools: ['Bash'], command: 'touch **' }, scope: { kind: 'user', userId: id } },
  ]
  await owner.request('PUT', '/policy', { body: { version: await versionOf(owner), preset: 'careful', rules } })

  const { page } = await openTab(browser, phone, /401 \(Unauthorized\)/)
  await page.goto(url)
  await signIn(page, PASSWORD, 'bob')
  await openPolicy(page, phone)
  await page.getByText('Commands: git push **').waitFor()
  await page.getByText('Commands: rm **').waitFor()
  expect(await page.getByRole('button', { name: /Add rule|Edit the rule|Import|git push|rule Commands: rm/ }).count()).toBe(0)
  await expectSound(page)
  const remove = page.getByRole('button', { name: /^Delete the rule .*touch \*\*/ })
  await remove.click()
  await expectSound(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await remove.waitFor({ state: 'detached' })
  expect(await page.getByRole('dialog').count()).toBe(0)
  const left = Policy.parse((await owner.request('GET', '/policy')).body).rules.map((rule) => rule.match.command)
  expect(left).toEqual(['git push **', 'rm **'])
})

test('changes that are not saved wait while one looks something up elsewhere, and the page asks before it is left', async () => {
  const [desktop] = DEVICES
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await openPolicy(page, desktop)
  await page.getByRole('radio', { name: 'Read-only' }).check()
  await page.getByRole('button', { name: 'Edit as text' }).click()
  await page.getByRole('textbox', { name: 'Policy as JSON' }).fill('{ "half": ')
  await page.getByRole('link', { name: 'Inbox' }).click()
  await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor()
  await page.goBack()
  await page.getByText('1 change is not saved').waitFor()
  expect(await page.getByRole('radio', { name: 'Read-only' }).isChecked()).toBe(true)
  expect(await page.getByRole('textbox', { name: 'Policy as JSON' }).inputValue()).toBe('{ "half": ')
  const [question] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })])
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'Where no rule speaks' }).waitFor()
})

test('a rule is made and saved with the keyboard alone', async () => {
  const [desktop] = DEVICES
  const { setupLink } = await startProduct()
  const { page } = await openTab(browser, desktop)
  await createOwner(page, setupLink ?? '')
  await openPolicy(page, desktop)
  await tabTo(page, 'Add rule')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Allow')
  await page.keyboard.press('ArrowDown')
  await tabTo(page, 'Command')
  await page.keyboard.type('git push **')
  await tabTo(page, 'Keep rule')
  await page.keyboard.press('Enter')
  await page.getByText('1 change is not saved').waitFor()
  await tabTo(page, 'Review and save')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Save')
  await page.keyboard.press('Enter')
  await page.getByText('The policy is saved.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('The policy is saved.')
  await page.getByRole('list', { name: 'Rules: everywhere' }).getByText('Ask', { exact: true }).waitFor()
})

async function openPolicy(page: Page, device: Device): Promise<void> {
  await page.getByRole('button', { name: device.name === 'phone' ? 'More' : 'Account and appearance' }).click()
  await page.getByRole('link', { name: 'Policy' }).filter({ visible: true }).click()
  await page.getByRole('heading', { name: 'Where no rule speaks' }).waitFor()
}

async function expectSound(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
}

async function expectSoundInTheDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  // Colours change over some frames.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  await expectSound(page)
}

/** Another device of the owner saves rules about these commands, and no others. */
async function saveElsewhere(url: string, commands: readonly string[], decision = 'allow'): Promise<Policy['rules']> {
  const other = await ownersOtherDevice(url)
  const rules = commands.map((command) => ({ decision, scope: { kind: 'global' }, match: { command } }))
  const { status, body } = await other.request('PUT', '/policy', { body: { version: await versionOf(other), preset: 'careful', rules } })
  expect(status).toBe(200)
  return Policy.parse(body).rules
}

async function ownersOtherDevice(url: string): Promise<ApiDevice> {
  return new ApiDevice(url, await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: PASSWORD } }))
}

async function versionOf(device: ApiDevice): Promise<number> {
  return Policy.parse((await device.request('GET', '/policy')).body).version
}

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(hasName, name)) return
  }
  throw new Error(`Tab never reached ${name}.`)
}

/** Runs in the page. */
function hasName(name: string): boolean {
  const element = document.activeElement
  const labels =
    element instanceof HTMLInputElement
      ? [...(element.labels ?? [])].map((label) => label.querySelector('span > span')?.textContent ?? label.textContent)
      : []
  return [element?.textContent.trim(), ...labels].includes(name)
}
