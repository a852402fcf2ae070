import { relative } from 'node:path'
import { buildSite, SITE_FOLDER } from './docs-site/build-site.ts'
import { ROOT } from './run-command.ts'

const { pageCount, linkCount, faults } = await buildSite(ROOT, SITE_FOLDER)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
else console.log(`${String(pageCount)} pages with ${String(linkCount)} links that all lead somewhere, in ${relative(ROOT, SITE_FOLDER)}/.`)
