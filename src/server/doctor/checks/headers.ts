import { type Check, fail, failIfAny, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'
import type { Answer } from '../probe/live-server.ts'

/** The server sends all of this by itself; where it is missing, something in between or an older version took it away. */
const passedOn = ({ place }: Installation) => ({
  text: 'The server sends this by itself. Start the present version; if it is still missing, a proxy in front takes it away.',
  command: place.restart,
})

export const HEADER_CHECKS: readonly Check[] = [
  {
    id: 'http-csp',
    area: 'http',
    title: 'A strict content security policy is on every answer',
    severity: 'high',
    why: 'It keeps a script that somebody smuggled into a page, a prompt or a file from running as you.',
    fix: passedOn,
    references: { issue: ['http-csp'], asvs: ['3.4.3'] },
    needs: 'server',
    look: (installation) => onEveryAnswer(installation, policyFaults, 'default-src, script-src and frame-ancestors are strict'),
  },
  {
    id: 'http-trusted-types',
    area: 'http',
    title: 'Scripts cannot write HTML (Trusted Types)',
    severity: 'medium',
    why: 'Most ways to smuggle script into a page end in HTML that a script writes.',
    fix: passedOn,
    references: { issue: ['http-trusted-types'], asvs: ['3.2.2'] },
    needs: 'server',
    look: (installation) =>
      onEveryAnswer(
        installation,
        (answer) => (directive(answer, 'require-trusted-types-for') === "'script'" ? [] : ['does not require Trusted Types']),
        "require-trusted-types-for 'script' is on",
      ),
  },
  {
    id: 'http-framing',
    area: 'http',
    title: 'No other site can frame the app',
    severity: 'high',
    why: 'A page that shows the app invisibly could make you press Allow (clickjacking).',
    fix: passedOn,
    references: { issue: ['http-csp'], asvs: ['3.4.6'] },
    needs: 'server',
    look: (installation) =>
      onEveryAnswer(
        installation,
        (answer) => (directive(answer, 'frame-ancestors') === "'none'" ? [] : ["lacks frame-ancestors 'none'"]),
        "frame-ancestors 'none' is on",
      ),
  },
  {
    id: 'http-content-type',
    area: 'http',
    title: 'Browsers do not guess content types',
    severity: 'medium',
    why: 'A file that a browser takes for a page or a script would run as part of the app.',
    fix: passedOn,
    references: { issue: ['http-isolation'], asvs: ['3.4.4'] },
    needs: 'server',
    look: (installation) =>
      onEveryAnswer(installation, (answer) => wrongHeaders(answer, { 'x-content-type-options': /^nosniff$/ }), 'nosniff is on'),
  },
  {
    id: 'http-isolation',
    area: 'http',
    title: 'Other sites cannot load, open or observe the app',
    severity: 'medium',
    why: 'It closes side channels between windows, and keeps addresses, camera and microphone to the app.',
    fix: passedOn,
    references: { issue: ['http-isolation'], asvs: ['3.4.5', '3.4.8', '3.5.8'] },
    needs: 'server',
    look: (installation) =>
      onEveryAnswer(
        installation,
        (answer) =>
          wrongHeaders(answer, {
            'cross-origin-opener-policy': /^same-origin$/,
            'cross-origin-resource-policy': /^same-origin$/,
            'referrer-policy': /^(no-referrer|same-origin)$/,
            'permissions-policy': /camera=\(\).*microphone=\(\)|microphone=\(\).*camera=\(\)/,
          }),
        'COOP, CORP, Referrer-Policy and Permissions-Policy are strict',
      ),
  },
  {
    id: 'http-no-store',
    area: 'http',
    title: 'Answers of the API are kept in no cache',
    severity: 'medium',
    why: 'What stays in a cache can be read after you signed out, or by whoever shares the proxy.',
    fix: passedOn,
    references: { issue: ['http-no-store'], asvs: ['14.3.2'] },
    needs: 'server',
    look: (installation) =>
      onEveryAnswer(installation, (answer) => wrongHeaders(answer, { 'cache-control': /no-store/ }), 'no-store is on', '/api/'),
  },
  {
    id: 'http-fingerprint',
    area: 'http',
    title: 'Answers do not tell what the server is made of',
    severity: 'low',
    why: 'Versions in headers tell an attacker which known holes to try. X-XSS-Protection can open holes of its own.',
    fix: passedOn,
    references: { issue: ['http-isolation'], asvs: ['13.4.6'] },
    needs: 'server',
    look: (installation) => onEveryAnswer(installation, tellingHeaders, 'no Server, X-Powered-By or active X-XSS-Protection is sent'),
  },
  {
    id: 'http-hsts',
    area: 'http',
    title: 'The server asks for HTTPS where it is reached over TLS',
    severity: 'medium',
    why: 'Browsers that were told never try plain HTTP again, which anybody in between could answer.',
    fix: (installation) => settingFix(installation, 'Name the proxy that TLS ends at.', 'TRUST_PROXY', '127.0.0.1'),
    references: { guide: ['before-2'], issue: ['http-hsts'], asvs: ['3.4.1'] },
    needs: 'server',
    look: lookAtHsts,
  },
]

/** Looks at a page, a route and an error; `faults` tells what is wrong with one. */
async function onEveryAnswer({ server }: Installation, faults: (answer: Answer) => string[], good: string, below = '/'): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const pages = (await server.pages()).filter(({ path }) => path.startsWith(below))
  const wrong = pages.flatMap(({ path, answer }) => faults(answer).map((fault) => `${path} (${String(answer.status)}) ${fault}`))
  return failIfAny(wrong, `On ${pages.map(({ path, answer }) => `${path} (${String(answer.status)})`).join(', ')}: ${good}.`)
}

function wrongHeaders({ headers }: Answer, wanted: Readonly<Record<string, RegExp>>): string[] {
  return Object.entries(wanted).flatMap(([name, pattern]) => {
    const sent = headers[name]
    if (sent === undefined) return [`sends no ${name}`]
    return pattern.test(String(sent)) ? [] : [`sends ${name}: ${String(sent).slice(0, 60)}`]
  })
}

/** The value of one directive of the policy; null where there is none. */
function directive({ headers }: Answer, name: string): string | null {
  const directives = String(headers['content-security-policy'] ?? '').split(';')
  const found = directives.map((text) => text.trim().split(/\s+/)).find(([word]) => word === name)
  return found ? found.slice(1).join(' ') : null
}

function policyFaults(answer: Answer): string[] {
  const sent = answer.headers['content-security-policy']
  if (sent === undefined) return ['sends no Content-Security-Policy']
  const whole = String(sent)
  const scripts = directive(answer, 'script-src') ?? directive(answer, 'default-src') ?? '*'
  return [
    ...["'unsafe-inline'", "'unsafe-eval'"].filter((word) => whole.includes(word)).map((word) => `allows ${word}`),
    ...(/(^|\s)(\*|https?:|data:|blob:)(\s|$)/.test(scripts) ? [`takes scripts from ${scripts}`] : []),
    ...(directive(answer, 'default-src') === null ? ['has no default-src'] : []),
    ...(directive(answer, 'base-uri') === null ? ['has no base-uri'] : []),
  ]
}

function tellingHeaders({ headers }: Answer): string[] {
  const telling = ['server', 'x-powered-by', 'x-aspnet-version'].filter((name) => headers[name] !== undefined)
  const filter = headers['x-xss-protection']
  return [
    ...telling.map((name) => `sends ${name}: ${String(headers[name]).slice(0, 40)}`),
    ...(filter !== undefined && !String(filter).startsWith('0') ? [`sends X-XSS-Protection: ${String(filter)}`] : []),
  ]
}

async function lookAtHsts({ config, server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const isTls = server.url.protocol === 'https:'
  if (!isTls && config.trustProxy.length === 0) return notApplicable('It is reached over plain HTTP on this machine alone.')
  const answer = isTls ? await server.page('/') : await server.ask({ path: '/', headers: { 'x-forwarded-proto': 'https' } })
  const sent = answer.headers['strict-transport-security']
  if (sent !== undefined) return pass(`It sends Strict-Transport-Security: ${sent}.`)
  if (isTls) return fail('It speaks TLS and sends no Strict-Transport-Security.')
  return warn(
    'A request that says it came over TLS, sent from this machine, was answered without Strict-Transport-Security; the proxy may be elsewhere.',
  )
}
