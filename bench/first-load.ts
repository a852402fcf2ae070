import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { findBrowser } from '../scripts/ensure-tools.ts'
import { startSession } from './chat-client.ts'
import { type Figure, spread } from './measure.ts'
import { LOGIN, type Product, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const KIB = 1024

interface Page {
  name: string
  path: string
  isSignedIn: boolean
  /** Found once the page can be used. */
  usable: string
  budgetKib: number
}

/** JavaScript and CSS on the wire before a page can be used, as a browser with an empty cache counts them. */
export async function measureFirstLoad(workbench: Workbench): Promise<Figure[]> {
  const product = await startProduct(workbench)
  const { session } = await startSession(product, await signIn(product, workbench), 'stream 5')
  session.client.close()
  const pages: Page[] = [
    { name: 'login', path: '/', isSignedIn: false, usable: 'input[type=password]', budgetKib: 60 },
    { name: 'chat', path: `/sessions/${session.sessionId}`, isSignedIn: true, usable: 'textarea', budgetKib: 150 },
  ]
  const executablePath = findBrowser()
  const browser = executablePath === undefined ? null : await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const figures: Figure[] = []
  for (const page of pages) figures.push(browser === null ? notMeasured(page) : await measurePage(browser, product, page))
  await browser?.close()
  await product.stop()
  return figures
}

interface Loaded {
  bytes: number
  files: number
  /** Every file came compressed with brotli and may be kept for ever. */
  isWellServed: boolean
}

async function measurePage(browser: Browser, product: Product, page: Page): Promise<Figure> {
  const runs: Loaded[] = []
  for (let run = 0; run < 5; run += 1) {
    const context = await browser.newContext()
    if (page.isSignedIn) await context.request.post(product.url + LOGIN.path, { data: LOGIN.body })
    runs.push(await load(context, product.url + page.path, page.usable))
    await context.close()
  }
  const sizes = runs.map(({ bytes }) => bytes / KIB)
  const isWellServed = runs.every((run) => run.isWellServed)
  return {
    name: `first load of ${page.name}`,
    measured: spread(sizes, 'KiB'),
    target: `< ${page.budgetKib} KiB, compressed and immutable`,
    isReached: Math.max(...sizes) < page.budgetKib && isWellServed,
    remark: `${runs[0]?.files ?? 0} JavaScript and CSS files as Chromium received them until usable and quiet, n = ${runs.length}${isWellServed ? '' : '; **not all brotli and immutable**'}`,
  }
}

async function load(context: BrowserContext, url: string, usable: string): Promise<Loaded> {
  const page = await context.newPage()
  const loaded: Loaded = { bytes: 0, files: 0, isWellServed: true }
  const pending: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    if (!['script', 'stylesheet'].includes(request.resourceType())) return
    pending.push(
      (async () => {
        const { responseBodySize } = await request.sizes()
        const headers = await (await request.response())?.allHeaders()
        loaded.bytes += responseBodySize
        loaded.files += 1
        loaded.isWellServed &&= headers?.['content-encoding'] === 'br' && headers['cache-control']?.includes('immutable') === true
      })(),
    )
  })
  await page.goto(url)
  await page.locator(usable).first().waitFor()
  await page.waitForLoadState('networkidle')
  await Promise.all(pending)
  return loaded
}

function notMeasured({ name, budgetKib }: Page): Figure {
  return {
    name: `first load of ${name}`,
    measured: 'no browser here',
    target: `< ${budgetKib} KiB`,
    isReached: null,
    remark: 'install Chromium or set CHROME_PATH',
  }
}
