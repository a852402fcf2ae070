import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { notInstalled, passIf, type Result, runBounded, type Scanner, type Target, unanswered } from './scanner.ts'

const WapitiReport = z.object({ vulnerabilities: z.record(z.string(), z.array(z.object({ info: z.string(), path: z.string() }))) })

/** HSTS means nothing over plain HTTP, and `X-XSS-Protection: 0` is what OWASP asks for. */
const EXPLAINED = /strict-transport-security|x-xss-protection/i

async function wapiti({ url, token, folder }: Target): Promise<Result> {
  const report = join(folder, 'wapiti.json')
  const ran = await runBounded(
    [
      'wapiti',
      ...['-u', `${url}/`, '--scope', 'domain', '-m', 'xss,permanentxss,sql,exec,file,redirect,ssrf,crlf,csp,http_headers,cookieflags'],
      ...['-H', `Authorization: Bearer ${token}`, '-s', `${url}/api/openapi.json`],
      ...['--max-scan-time', '90', '--max-links-per-page', '50', '-f', 'json', '-o', report, '--flush-session', '--no-bugreport'],
    ],
    150,
  )
  if (ran.isMissing) return notInstalled('wapiti')
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null) return unanswered('It wrote no report.')
  const found = Object.entries(WapitiReport.parse(JSON.parse(text)).vulnerabilities).flatMap(([kind, each]) =>
    each.map(({ info, path }) => `${kind}: ${info} (${path})`),
  )
  const counted = found.filter((line) => !EXPLAINED.test(line))
  return passIf(
    counted.length === 0,
    `${String(found.length)} findings, of which ${String(counted.length)} are not explained in docs/scan.md.`,
    found,
  )
}

async function nmap({ url }: Target): Promise<Result> {
  const scripts = 'http-headers,http-security-headers,http-methods,http-cors,http-trace,http-enum'
  const { port } = new URL(url)
  const ran = await runBounded(
    ['nmap', '-Pn', '-n', '-p', port, '-sV', '--version-light', '--script', scripts, '--script-timeout', '40s', '127.0.0.1'],
    120,
  )
  if (ran.isMissing) return notInstalled('nmap')
  if (ran.exitCode !== 0) return unanswered('It did not end in time.')
  const lines = ran.output.split('\n').filter((line) => line.startsWith('|'))
  const bad = lines.filter((line) =>
    /http-cors:|access-control-allow|x-powered-by|TRACE is enabled|Potentially risky methods: .*TRACE|\/(\.git|\.env|admin)/i.test(line),
  )
  return passIf(bad.length === 0, 'CORS, TRACE, names of software and known files.', bad.length > 0 ? bad : lines.slice(0, 30))
}

async function slowhttptest({ url }: Target): Promise<Result> {
  const findings: string[] = []
  let isServed = true
  for (const [what = '', ...how] of [
    ['slow headers', '-H', '-i', '5', '-u', `${url}/api/health`],
    ['slow bodies', '-B', '-i', '5', '-s', '8192', '-u', `${url}/api/auth/login`],
    ['slow reading', '-X', '-w', '1', '-y', '2', '-n', '5', '-u', `${url}/`],
  ]) {
    const ran = await runBounded(['slowhttptest', ...how, '-c', '200', '-r', '50', '-l', '25', '-p', '3'], 60)
    if (ran.isMissing) return notInstalled('slowhttptest')
    // Its screen is drawn anew each second; the last one counts.
    const answers = [...ran.output.matchAll(/service available:?\s*(?:\u001b\[[\d;]*m)?\s*(YES|NO)/gi)].map((match) => match[1] ?? '')
    const health = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).then(
      ({ status }) => status,
      () => 0,
    )
    findings.push(
      `${what}: health answered ${String(health)} afterwards, unavailable ${String(answers.filter((each) => each === 'NO').length)} times`,
    )
    isServed &&= health === 200 && !answers.includes('NO')
  }
  return passIf(isServed, '200 connections at once of each kind for 25 s; others are served meanwhile.', findings)
}

export const webScanners: readonly Scanner[] = [
  { name: 'wapiti', scan: wapiti },
  { name: 'nmap scripts', scan: nmap },
  { name: 'slowhttptest', scan: slowhttptest },
]
