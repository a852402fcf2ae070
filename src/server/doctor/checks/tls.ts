import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import { publicUrls } from '../exposure.ts'
import type { Installation } from '../installation.ts'
import { shellWord } from '../place.ts'
import { headersOver, lookAtTls, speaksOldTls } from '../probe/tls-probe.ts'

const DAY_MS = 86_400_000
const RENEW_DAYS = 14
/** Half a year, the least that is of use. */
const LEAST_HSTS_SECONDS = 15_552_000

export const TLS_CHECKS: readonly Check[] = [
  {
    id: 'tls-certificate',
    area: 'network',
    title: 'The public certificate is valid and trusted',
    severity: 'critical',
    why: 'People who are used to clicking through warnings do not notice an attacker in between.',
    fix: (installation) => ({
      text: 'Renew the certificate where TLS ends, and look at why that did not happen by itself.',
      command: `openssl s_client -connect ${hostOf(installation)} </dev/null | openssl x509 -noout -dates -ext subjectAltName`,
    }),
    references: { guide: ['before-2'], asvs: ['12.2.2'] },
    look: (installation) => overEach(installation, (url) => certificateOf(url, installation)),
  },
  {
    id: 'tls-own-certificate',
    area: 'network',
    title: 'The certificate of the server itself is in force',
    severity: 'high',
    why: 'A certificate that ran out, or was renewed without being taken up, locks people out or teaches them to ignore warnings.',
    fix: ({ config: { tlsCert }, place }) => ({
      text: 'Renew the certificate; the server takes the new files up by itself, at the latest when it starts anew.',
      command: `openssl x509 -noout -dates -in ${shellWord(tlsCert ?? 'FILE')} && ${place.restart}`,
    }),
    references: { guide: ['before-2'], asvs: ['12.2.2'] },
    look: lookAtOwn,
  },
  {
    id: 'tls-versions',
    area: 'network',
    title: 'TLS 1.0 and 1.1 are off',
    severity: 'high',
    why: 'Both have known weaknesses and are forbidden by RFC 8996.',
    fix: () => ({ text: 'Where TLS ends, allow TLS 1.2 and 1.3 alone, as "ssl_protocols TLSv1.2 TLSv1.3;" does in nginx.', command: null }),
    references: { guide: ['before-2'], asvs: ['12.1.1'] },
    look: (installation) =>
      overEach(installation, async (url) => {
        if (url.protocol === 'http:') return fail(`${url.origin} is plain HTTP.`)
        return (await speaksOldTls(url)) ? fail(`${url.host} speaks TLS 1.0 or 1.1.`) : pass(`${url.host} refuses TLS 1.0 and 1.1.`)
      }),
  },
  {
    id: 'tls-hsts',
    area: 'network',
    title: 'The public address is for HTTPS alone (HSTS)',
    severity: 'high',
    why: 'Without it, the first request of a visit can be led to an imitation over plain HTTP.',
    fix: ({ place }) => ({
      text: 'The server sends HSTS where its proxy says that the browser came over TLS: pass X-Forwarded-Proto, and name the proxy.',
      command: place.setting('TRUST_PROXY', '127.0.0.1'),
    }),
    references: { guide: ['before-2'], issue: ['http-hsts'], asvs: ['3.4.1'] },
    look: (installation) => overEach(installation, hstsOf),
  },
  {
    id: 'tls-redirect',
    area: 'network',
    title: 'Plain HTTP leads to HTTPS',
    severity: 'medium',
    why: 'Whoever types the name alone must not end up on an address that anybody in between can change.',
    fix: () => ({ text: 'Where TLS ends, answer port 80 with a permanent redirect to https, and nothing else.', command: null }),
    references: { guide: ['before-2'], asvs: ['12.2.1'] },
    look: (installation) => overEach(installation, (url) => redirectOf(url, installation.publicHttpPort ?? 80)),
  },
]

async function lookAtOwn({ config: { tlsCert }, server, now }: Installation): Promise<Finding> {
  if (tlsCert === null) return notApplicable('TLS_CERT is not set: the server speaks no TLS itself.')
  const { validToDate, fingerprint256 } = new X509Certificate(await readFile(tlsCert))
  const until = validToDate.toISOString().slice(0, 10)
  if (now > validToDate) return fail(`${tlsCert} expired on ${until}.`)
  if (server?.url.protocol === 'https:' && (await lookAtTls(server.url)).fingerprint !== fingerprint256)
    return fail(`The server answers with another certificate than the one in ${tlsCert}.`)
  const days = daysBetween(now, validToDate)
  return days < RENEW_DAYS ? warn(`${tlsCert} ends in ${String(days)} days, on ${until}.`) : pass(`${tlsCert} is valid until ${until}.`)
}

function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY_MS)
}

async function overEach(installation: Installation, look: (url: URL) => Promise<Finding>): Promise<Finding> {
  const urls = publicUrls(installation.config)
  if (urls.length === 0) return notApplicable('No public address is configured (ALLOWED_HOSTS, ALLOWED_ORIGINS).')
  const findings = await Promise.all(urls.map((url) => look(url).catch((error: unknown) => unanswered(url, error))))
  const worst = (['fail', 'warn'] as const).find((status) => findings.some((finding) => finding.status === status)) ?? 'pass'
  const telling = findings.filter(({ status }) => status === worst)
  return {
    status: worst,
    evidence: telling.map(({ evidence }) => evidence).join(' '),
    ...(telling.some(({ isUnseen }) => isUnseen === true) ? { isUnseen: true } : {}),
  }
}

function unanswered(url: URL, error: unknown): Finding {
  return unseen(`${url.origin} could not be reached from here (${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}).`)
}

async function certificateOf(url: URL, { now, extraCa }: Installation): Promise<Finding> {
  if (url.protocol === 'http:') return fail(`${url.origin} has no certificate: it is plain HTTP.`)
  const { validFrom, validTo, problem, protocol } = await lookAtTls(url, extraCa === undefined ? {} : { extraCa })
  const until = validTo.toISOString().slice(0, 10)
  if (now > validTo) return fail(`The certificate of ${url.host} expired on ${until}.`)
  if (now < validFrom) return fail(`The certificate of ${url.host} is not valid before ${validFrom.toISOString().slice(0, 10)}.`)
  if (problem !== null) return fail(`The certificate of ${url.host} is not trusted (${problem}).`)
  const days = daysBetween(now, validTo)
  if (days < RENEW_DAYS) return warn(`The certificate of ${url.host} ends in ${String(days)} days, on ${until}.`)
  return pass(`${url.host}: ${protocol}, trusted, valid until ${until}.`)
}

async function hstsOf(url: URL): Promise<Finding> {
  if (url.protocol === 'http:') return fail(`${url.origin} is plain HTTP.`)
  const { header } = await headersOver(url)
  const sent = header('strict-transport-security')
  const seconds = Number(/max-age=(\d+)/.exec(sent)?.[1] ?? 0)
  if (sent === '') return fail(`${url.host} sends no Strict-Transport-Security.`)
  return seconds < LEAST_HSTS_SECONDS
    ? warn(`${url.host} sends Strict-Transport-Security for less than half a year (${sent}).`)
    : pass(`${url.host} sends "${sent}".`)
}

async function redirectOf(url: URL, port: number): Promise<Finding> {
  const plain = new URL(url)
  plain.protocol = 'http:'
  plain.port = String(port)
  try {
    const { status, header } = await headersOver(plain)
    if (status >= 300 && status < 400 && header('location').startsWith('https://')) return pass(`${plain.origin} redirects to https.`)
    return fail(`${plain.origin} answers ${String(status)} instead of redirecting to https.`)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
      return pass(`Nothing answers at port ${String(port)} of ${url.hostname}.`)
    throw error
  }
}

function hostOf({ config }: Installation): string {
  const [url] = publicUrls(config)
  return url === undefined ? 'HOST:443' : `${url.hostname}:${url.port || '443'}`
}
