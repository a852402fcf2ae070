import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { request } from 'node:http'
import { once } from 'node:events'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { makeCertificate } from '../support/certificates.ts'
import { startTestApp } from '../support/test-app.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { eventually } from '../support/within.ts'

/* A real browser reports what the policy blocks, by either way: `report-uri` over plain HTTP, `report-to` over TLS. */

const PAGE = '<!doctype html><html lang="en"><title>A page</title><body></body></html>'
let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll, { args: ['--ignore-certificate-errors', '--short-reporting-delay'] })
})

async function serve(environment: Record<string, string> = {}) {
  const lines: string[] = []
  const { url } = await startTestApp({
    webFiles: { 'index.html': PAGE, 'sign-in.html': PAGE, 'favicon.svg': '<svg/>' },
    log: { write: (line) => void lines.push(line) },
    environment: { LOG_LEVEL: 'info', ...environment },
  })
  const isTold = () => lines.find((line) => line.includes('reports a violation') && line.includes('"blocked":"https://evil.invalid"'))
  return { url, lines, isTold }
}

async function breakPolicy(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.body.append(Object.assign(new Image(), { src: 'https://evil.invalid/secret' }))
  })
}

const [desktop] = DEVICES

test('over plain HTTP', async () => {
  const { url, isTold } = await serve()
  const { page } = await openTab(browser, desktop, /evil\.invalid|favicon\.ico/)
  await page.goto(url)
  await breakPolicy(page)
  expect(await eventually('the report', isTold)).toContain('"directive":"img-src"')
})

test('over TLS below a path, behind a proxy', { timeout: 60_000 }, async () => {
  const { url, isTold } = await serve({ BASE_PATH: '/code', TRUST_PROXY: '127.0.0.1' })
  const files = await makeCertificate(await temporaryFolder(), 'own')
  const proxy = createServer({ cert: await readFile(files.cert), key: await readFile(files.key) }, (incoming, outgoing) => {
    const { hostname, port } = new URL(url)
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': incoming.headers.host ?? '' }
    const passed = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  const address = proxy.address()
  const { page } = await openTab(browser, desktop, /evil\.invalid|favicon\.ico/)
  await page.goto(`https://localhost:${String(typeof address === 'object' && address ? address.port : 0)}/code/`)
  await breakPolicy(page)
  expect(await eventually('the report', isTold)).toContain('"directive":"img-src"')
})
