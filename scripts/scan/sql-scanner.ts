import * as z from 'zod/mini'
import { notInstalled, passIf, type Result, runBounded, type Scanner, type Target } from './scanner.ts'

const Operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string() })),
  requestBody: z.optional(z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })),
})
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })
const Body = z.object({ properties: z.optional(z.record(z.string(), z.unknown())) })

const SECONDS_EACH = 25
const SECONDS_IN_ALL = 240
/** They would end the scanner's own login. */
const ENDING = /\/(logout|logout-all|end-others)$/

interface Place {
  method: string
  path: string
  body: string | null
  parameters: number
}

/** Every route with a star at each parameter, as sqlmap wants it. */
function placesIn(document: unknown): Place[] {
  return Object.entries(Document.parse(document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const place = placeOf(path, method.toUpperCase(), operation)
      return place.parameters === 0 || ENDING.test(path) ? [] : [place]
    }),
  )
}

function placeOf(path: string, method: string, { parameters, requestBody }: z.infer<typeof Operation>): Place {
  const query = parameters.filter((each) => each.in === 'query').map(({ name }) => `${name}=1*`)
  const names = Object.keys(Body.safeParse(requestBody?.content['application/json'].schema).data?.properties ?? {})
  return {
    method,
    path: path.replaceAll(/\{\w+\}/g, 'x*') + (query.length > 0 ? `?${query.join('&')}` : ''),
    body: names.length === 0 ? null : JSON.stringify(Object.fromEntries(names.map((name) => [name, 'x*']))),
    parameters: parameters.length + names.length,
  }
}

async function sqlmap({ url, token, openapi, folder }: Target): Promise<Result> {
  const places = placesIn(openapi)
  const waiting = [...places]
  const findings: string[] = []
  const deadline = Date.now() + SECONDS_IN_ALL * 1000
  let looked = 0
  const missing: string[] = []
  const work = async () => {
    for (let place = waiting.shift(); place && Date.now() < deadline; place = waiting.shift()) {
      const ran = await runBounded(commandFor(place, { url, token, folder }), SECONDS_EACH)
      if (ran.isMissing) missing.push(place.path)
      if (ran.exitCode !== null) looked += place.parameters
      if (/identified the following injection point|is vulnerable/.test(ran.output)) findings.push(`${place.method} ${place.path}`)
    }
  }
  await Promise.all([work(), work()])
  if (missing.length > 0) return notInstalled('sqlmap')
  const all = places.reduce((sum, { parameters }) => sum + parameters, 0)
  return passIf(
    findings.length === 0 && looked > all / 2,
    `Looked at ${String(looked)} of ${String(all)} parameters of ${String(places.length)} routes in the time there was.`,
    findings,
  )
}

function commandFor({ method, path, body }: Place, { url, token, folder }: Pick<Target, 'url' | 'token' | 'folder'>): string[] {
  return [
    ...['sqlmap', '-u', `${url}${path}`, '--method', method, '--headers', `Authorization: Bearer ${token}\nContent-Type: application/json`],
    ...(body === null ? [] : ['--data', body]),
    ...[
      '--batch',
      '--technique',
      'BEU',
      '--level',
      '1',
      '--risk',
      '1',
      '--timeout',
      '5',
      '--retries',
      '0',
      '--ignore-code',
      '*',
      '--flush-session',
    ],
    ...['--dbms', 'SQLite', '--skip-waf', '--output-dir', folder],
  ]
}

export const sqlScanner: Scanner = { name: 'sqlmap on every parameter', scan: sqlmap }
