import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { findBrowser } from '../../scripts/ensure-tools.ts'
import type { OnEnd } from './temporary-folder.ts'

/** The sizes that the design is made for. */
export const DEVICES = [
  { name: 'desktop', options: { viewport: { width: 1440, height: 900 } } },
  { name: 'phone', options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
] as const

export type Device = (typeof DEVICES)[number]

/** A real Chromium, one for a file of tests. */
export async function launchBrowser(onEnd: OnEnd, { args = [] }: { args?: string[] } = {}): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('There is no Chromium; run `npm test`, which installs it.')
  const browser = await chromium.launch({
    executablePath,
    // Chromium's own sandbox needs rights that containers and root do not have; the rest keeps it from calling home.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
  onEnd(() => browser.close())
  return browser
}

export interface Tab {
  page: Page
  context: BrowserContext
  /** What the page complained about so far: errors, warnings and violations of the content policy. */
  complaints: string[]
}

/** A fresh profile with one page. Fails the test at its end when the page complained of anything unexpected. */
export async function openTab(browser: Browser, device: Device, expected = /$^/): Promise<Tab> {
  const context = await browser.newContext({ ...device.options, colorScheme: 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  onTestFinished(async () => {
    await context.close()
    expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([])
  })
  return { page, context, complaints }
}

/** Serious and critical findings of axe on the page as it is now. */
export async function seriousViolations(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // Through the debugger, since the content policy lets no foreign script in.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: source })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const { violations }: AxeResults = result.value
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** Whether anything of the page sticks out sideways, also within what scrolls up and down. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('main > *, [role=feed], dialog[open] > *')]
    return parts.some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
  })
}
