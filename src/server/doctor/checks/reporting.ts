import type { SeenViolations } from '../../http/csp-reports.ts'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import { exposureOf } from '../exposure.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'

const SECURITY_TXT = '/.well-known/security.txt'

export const REPORTING_CHECKS: readonly Check[] = [
  {
    id: 'http-csp-reports',
    area: 'http',
    title: 'Browsers report what the content security policy blocked',
    severity: 'low',
    why: 'What was blocked is the first trace of somebody who tries to run script in your pages.',
    fix: ({ place }) => ({
      text: 'The server asks for reports by itself. Start the present version; if they are still missing, a proxy takes the header away.',
      command: place.restart,
    }),
    references: { issue: ['http-reports'], asvs: ['3.4.7'] },
    needs: 'server',
    look: lookAtReports,
  },
  {
    id: 'http-security-txt',
    area: 'http',
    title: 'Whoever finds a weakness can learn whom to tell (security.txt)',
    severity: 'low',
    why: 'Whoever finds a weakness in a server that others can reach has to find you first.',
    fix: (installation) => settingFix(installation, 'Name an address that is read.', 'SECURITY_CONTACT', 'mailto:security@example.org'),
    references: { issue: ['http-disclosure'] },
    look: lookAtSecurityTxt,
  },
]

/** What is reported is shown and not judged: anybody may report anything. */
async function lookAtReports({ server, violations }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const { headers } = await server.page('/')
  if (!/;\s*report-uri \/\S*csp-reports/.test(String(headers['content-security-policy']))) return fail('The policy asks for no reports.')
  return pass(violations ? told(violations()) : 'The policy asks for reports. The Security page in the settings tells what came.')
}

function told({ total, kinds }: SeenViolations): string {
  if (total === 0) return 'Violations seen since the server started: none.'
  const most = kinds
    .slice(0, 3)
    .map(({ directive, blocked, page, count }) => `${directive} blocked ${blocked} on ${page} (${String(count)})`)
  return `Violations seen since the server started: ${String(total)}. ${most.join('; ')}. Anybody can report some; look at what is new.`
}

async function lookAtSecurityTxt({ config, server }: Installation): Promise<Finding> {
  const { securityContacts } = config
  if (securityContacts.length === 0)
    return exposureOf(config) === 'local' ? notApplicable('Only this machine reaches the server.') : warn('SECURITY_CONTACT is not set.')
  if (server === null) return unseen('no server runs.')
  const { status, body } = await server.page(SECURITY_TXT)
  const isThere = status === 200 && /^Contact: \S/m.test(body) && /^Expires: \S/m.test(body)
  return isThere ? pass(`It names ${securityContacts.join(', ')}.`) : fail(`${SECURITY_TXT} was answered with ${String(status)}.`)
}
