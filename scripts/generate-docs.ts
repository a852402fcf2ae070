import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiPage } from './docs/api-page.ts'
import { auditEventsPage } from './docs/audit-events-page.ts'
import { cliPage } from './docs/cli-page.ts'
import { configurationPage } from './docs/configuration-page.ts'
import { doctorPage } from './docs/doctor-page.ts'
import { errorsPage } from './docs/errors-page.ts'
import { permissionsPage } from './docs/permissions-page.ts'
import { policySchema } from './docs/policy-schema.ts'
import { securityGuidePage } from './docs/security-guide-page.ts'
import { websocketPage } from './docs/websocket-page.ts'
import { ROOT } from './run-command.ts'

/** The pages that are made from the sources, by their path in the repository. */
async function pages(): Promise<Record<string, string>> {
  return {
    'docs/api.md': await apiPage(),
    'docs/cli.md': cliPage(),
    'docs/configuration.md': configurationPage(),
    'docs/websocket.md': websocketPage(),
    'docs/doctor.md': doctorPage(),
    'docs/security-guide.md': await securityGuidePage(),
    'docs/errors.md': errorsPage(),
    'docs/permissions.md': permissionsPage(),
    'docs/audit-events.md': auditEventsPage(),
    'docs/policy.schema.json': policySchema(),
  }
}

async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check')
  for (const [path, text] of Object.entries(await pages())) {
    const file = join(ROOT, path)
    const present = await readFile(file, 'utf8').catch(() => '')
    if (present === text) continue
    if (isCheck) {
      console.error(`${path} is not what its sources say. Run \`npm run docs\` and commit it.`)
      process.exitCode = 1
    } else {
      await writeFile(file, text)
      console.log(`Wrote ${path}.`)
    }
  }
}

await main()
