import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSite } from '../../scripts/docs-site/build-site.ts'
import { ROOT } from '../../scripts/run-command.ts'
import { seriousViolations, DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/* The documentation as a reader sees it. */

/** It would like to read the style sheets of a page from a file, which the page's policy does not allow. */
const OF_AXE = /site\/\w+\.css|preload assets/

let site = ''
let browser: Awaited<ReturnType<typeof launchBrowser>>

beforeAll(async () => {
  browser = await launchBrowser(afterAll)
  site = join(await temporaryFolder(afterAll), 'site')
  const { faults } = await buildSite(ROOT, site)
  expect(faults).toEqual([])
})

describe.each(DEVICES)('on a $name', (device) => {
  test.each(['index', 'getting-started', 'configuration', 'api', 'architecture', 'decisions/0001-one-package-three-roots'])(
    '%s is accessible and fits, in light and in dark',
    async (slug) => {
      const { page } = await openTab(browser, device, OF_AXE)
      await page.goto(pathToFileURL(join(site, `${slug}.html`)).href)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await seriousViolations(page)).toEqual([])
      }
      const { scrolls, pictures } = await page.evaluate(() => ({
        scrolls: document.documentElement.scrollWidth > window.innerWidth,
        pictures: [...document.images].filter(({ complete, naturalWidth }) => complete && naturalWidth === 0).map(({ src }) => src),
      }))
      expect({ scrolls, pictures }).toEqual({ scrolls: false, pictures: [] })
    },
  )
})
