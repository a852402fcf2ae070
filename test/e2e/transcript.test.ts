import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { ToolCallId } from '#protocol/ids'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEVICES, launchBrowser, openTab, seriousViolations } from '../support/browser.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { createOwner, startSession } from '../support/steps.ts'
import { startTestApp } from '../support/test-app.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll)
})

const BUILT_WEB = join(dirname(dirname(import.meta.dirname)), 'dist', 'web')

test('a transcript of 10,000 events keeps few elements, opens at its end and can be read from its beginning', async () => {
  const provider = new ScriptedProvider()
  const { url, setupCode } = await startTestApp({ providers: [provider], builtWeb: BUILT_WEB })
  const { page } = await openTab(browser, DEVICES[0])
  await createOwner(page, `${url}/#setup=${setupCode ?? ''}`)
  await addProject(page)
  await startSession(page, 'count to 2,500')
  const agent = await provider.nextAgent()
  await agent.startTurn()
  for (let step = 1; step <= 2500; step += 1) {
    const toolCallId = ToolCallId.parse(randomUUID())
    if (step % 2 === 0) agent.say(`Paragraph ${String(step)} of the long answer.`)
    agent.emit(
      { v: 1, kind: 'tool.started', toolCallId, name: 'Bash', toolKind: 'execute', title: `echo ${String(step)}`, locations: [] },
      { v: 1, kind: 'tool.output', toolCallId, mode: 'replace', text: String(step), truncated: false },
      { v: 1, kind: 'tool.ended', toolCallId, status: 'ok', exitCode: 0, durationMs: 5 },
    )
    await agent.host.drained()
  }
  agent.say('That was the last word.')
  agent.endTurn()
  await page.getByText('That was the last word.').waitFor()

  await page.reload()
  await page.getByText('That was the last word.').waitFor()
  expect(await page.locator('*').count()).toBeLessThan(2000)
  expect(await seriousViolations(page)).toEqual([])

  await page.getByRole('feed').press('Home')
  await page.getByText('count to 2,500').last().waitFor()
  await page.getByText('echo 1', { exact: true }).waitFor()
  expect(await page.locator('*').count()).toBeLessThan(2000)
})

async function addProject(page: Awaited<ReturnType<typeof openTab>>['page']): Promise<void> {
  await page.getByRole('button', { name: 'Add project' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /shop/ }).first().click()
  await dialog.getByRole('button', { name: /^Add/ }).last().click()
  await dialog.waitFor({ state: 'detached' })
}
