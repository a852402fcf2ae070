import { isLoopback } from '../../platform/loopback.ts'
import { type Check, fail, type Finding, failIfAny, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'
import type { Answer, LiveServer, Question } from '../probe/live-server.ts'
import { unsignedToken } from '../probe/forged-token.ts'

const FOREIGN = 'https://doctor.invalid'
const BIG_HEADER = 100_000
const TOO_BIG = 64 * 1024 * 1024

const update = ({ place }: Installation) => ({
  text: 'The server refuses this by itself. Start the present version, and look at what a proxy in front lets through.',
  command: place.restart,
})

export const HTTP_CHECKS: readonly Check[] = [
  {
    id: 'http-host',
    area: 'http',
    title: 'Requests for a foreign host name are refused',
    severity: 'critical',
    why: 'Through a name that an attacker points at your machine (DNS rebinding), any web page could use the app as you.',
    fix: update,
    references: { issue: ['http-hosts'], asvs: ['4.1.4'] },
    needs: 'server',
    look: (installation) =>
      expectStatus(installation, { path: '/api/auth/status', headers: { host: 'doctor.invalid' } }, [421], 'A wrong Host'),
  },
  {
    id: 'http-double-host',
    area: 'http',
    title: 'Requests that name two hosts are refused',
    severity: 'medium',
    why: 'A proxy may look at one name and the server at the other.',
    fix: update,
    references: { issue: ['http-hosts'], asvs: ['4.2.1'] },
    needs: 'server',
    look: (installation) =>
      expectStatus(installation, { path: '/api/health', atHost: 'doctor.invalid' }, [400, 421], 'An address for another host'),
  },
  {
    id: 'http-cors',
    area: 'http',
    title: 'Pages of other sites are refused',
    severity: 'critical',
    why: 'Every page that you visit could otherwise read your sessions and answer requests of agents.',
    fix: (installation) => settingFix(installation, 'Let no other origin in unless it is your own.', 'ALLOWED_ORIGINS', ''),
    references: { guide: ['before-3'], issue: ['http-origins'], asvs: ['3.4.2', '3.5.1'] },
    needs: 'server',
    look: lookAtOrigins,
  },
  {
    id: 'http-allowed-origins',
    area: 'http',
    title: 'No origin is allowed that others could take',
    severity: 'high',
    why: 'Whoever can answer for an allowed origin, as for any name over plain HTTP, acts as you.',
    fix: (installation) => settingFix(installation, 'Allow https origins of your own alone.', 'ALLOWED_ORIGINS', ''),
    references: { guide: ['before-3'], issue: ['http-origins'], asvs: ['3.4.2'] },
    look: ({ config: { allowedOrigins } }) => {
      const plain = allowedOrigins.filter((origin) => origin.startsWith('http:') && !isLoopback(new URL(origin).hostname))
      if (plain.length > 0) return fail(`Allowed over plain HTTP: ${plain.join(', ')}.`)
      return pass(allowedOrigins.length === 0 ? 'Only the app itself is let in.' : `Allowed: ${allowedOrigins.join(', ')}.`)
    },
  },
  {
    id: 'http-content',
    area: 'http',
    title: 'Forms of other sites cannot send anything',
    severity: 'high',
    why: 'A form of any page can send text, but not JSON, with your cookies.',
    fix: update,
    references: { issue: ['http-content'], asvs: ['3.5.2'] },
    needs: 'server',
    look: (installation) =>
      expectStatus(installation, { ...postTo(installation, { 'content-type': 'text/plain' }), body: '{}' }, [415], 'A body of text/plain'),
  },
  {
    id: 'http-size',
    area: 'http',
    title: 'Bodies that are too big are refused before they are read',
    severity: 'medium',
    why: 'A few requests of many gigabytes would otherwise end the server.',
    fix: update,
    references: { issue: ['http-content'], asvs: ['2.4.1'] },
    needs: 'server',
    look: lookAtSize,
  },
  {
    id: 'http-header-size',
    area: 'http',
    title: 'Headers that are too big are refused',
    severity: 'low',
    why: 'Headers are held in memory before anybody is known.',
    fix: update,
    references: { issue: ['http-slow'], asvs: ['2.4.1'] },
    needs: 'server',
    look: lookAtHeaderSize,
  },
  {
    id: 'http-authentication',
    area: 'http',
    title: 'Nothing is served without a credential',
    severity: 'critical',
    why: 'Whoever gets in without signing in reads the code and runs commands.',
    fix: (installation) => settingFix(installation, 'Turn platform mode off, and start the present version.', 'PLATFORM_MODE', 'false'),
    references: { guide: ['ongoing-4', 'before-6'], asvs: ['8.2.1'] },
    needs: 'server',
    look: lookAtAuthentication,
  },
  {
    id: 'http-forged-token',
    area: 'http',
    title: 'Forged access tokens are refused',
    severity: 'critical',
    why: 'A token that says "no signature", or one signed with a well-known key, must open nothing.',
    fix: ({ place }) => ({ text: 'Make new signing keys and start the present version.', command: place.product('keys rotate --jwt') }),
    references: { guide: ['before-1', 'ongoing-4'], asvs: ['9.1.1', '9.1.2'] },
    needs: 'server',
    look: lookAtForgedTokens,
  },
  {
    id: 'http-errors',
    area: 'http',
    title: 'Errors tell nothing of the inside',
    severity: 'medium',
    why: 'Stack traces and paths tell an attacker what to try next.',
    fix: update,
    references: { issue: ['http-errors'], asvs: ['16.5.1'] },
    needs: 'server',
    look: lookAtErrors,
  },
]

async function expectStatus({ server }: Installation, question: Question, good: readonly number[], what: string): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const { status } = await server.ask(question)
  return good.includes(status)
    ? pass(`${what} was answered with ${String(status)}.`)
    : fail(`${what} was answered with ${String(status)} instead of ${good.join(' or ')}.`)
}

async function lookAtOrigins({ server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const preflight = { origin: FOREIGN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const asked: [string, Question][] = [
    [`GET from ${FOREIGN}`, { path: '/api/auth/status', headers: { origin: FOREIGN } }],
    ['GET from a page without an origin', { path: '/api/auth/status', headers: { origin: 'null' } }],
    [`a preflight from ${FOREIGN}`, { method: 'OPTIONS', path: '/api/auth/login', headers: preflight }],
  ]
  const wrong = await Promise.all(asked.map(async ([name, question]) => originFault(name, await server.ask(question))))
  return failIfAny(
    wrong.filter((fault) => fault !== null),
    'Requests from a foreign origin, from "null" and a preflight were refused, without leave to read the answer.',
  )
}

function originFault(name: string, { status, headers }: Answer): string | null {
  const allowed = headers['access-control-allow-origin']
  if (allowed !== undefined) return `${name} may read the answer (Access-Control-Allow-Origin: ${allowed})`
  return status < 400 ? `${name} was answered with ${String(status)}` : null
}

/** A route whose body is looked at before who sends it, past the installation's own key and where platform mode has no login. */
function postTo({ config: { apiKey, platformMode } }: Installation, headers: Record<string, string>): Question {
  const key = apiKey === null ? {} : { 'x-api-key': apiKey }
  return { method: 'POST', path: platformMode ? '/api/projects' : '/api/auth/login', headers: { ...headers, ...key } }
}

/** The length is announced and nothing is sent: whoever would wait for it says nothing. */
async function lookAtSize(installation: Installation): Promise<Finding> {
  const { server } = installation
  if (server === null) return unseen('no server runs.')
  const status = await server.announce(postTo(installation, { 'content-type': 'application/json', 'content-length': String(TOO_BIG) }))
  if (status === 413) return pass('A body that was announced with 64 MiB was refused with 413.')
  return fail(
    status === null ? 'A body that was announced with 64 MiB was waited for.' : `A body of 64 MiB was answered with ${String(status)}.`,
  )
}

/** A server that has enough ends the connection, sometimes before its answer is through. */
async function lookAtHeaderSize(installation: Installation): Promise<Finding> {
  const question = { path: '/api/health', headers: { 'x-doctor': 'a'.repeat(BIG_HEADER) } }
  try {
    return await expectStatus(installation, question, [400, 431], 'A header of 100 kB')
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code)))
      return pass('The connection was ended at a header of 100 kB.')
    throw error
  }
}

const GUARDED = ['/api/projects', '/api/sessions', '/api/users', '/api/audit', '/api/policy', '/api/keys']

async function lookAtAuthentication({ config, server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const answers = await Promise.all(GUARDED.map(async (path) => ({ path, status: (await server.ask({ path })).status })))
  const open = answers.filter(({ status }) => status !== 401)
  if (open.length === 0) return pass(`${GUARDED.join(', ')} answered 401 without a token.`)
  const seen = `Answered without a token: ${open.map(({ path, status }) => `${path} (${String(status)})`).join(', ')}.`
  // Platform mode is asked for, and has a check of its own; on this machine alone it is a doubt, not a hole.
  return config.platformMode && isLoopback(config.host) ? warn(`${seen} Platform mode is on.`) : fail(seen)
}

async function lookAtForgedTokens({ config, server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  if (config.platformMode) return notApplicable('Platform mode is on: tokens are not looked at. That has a check of its own.')
  const answers = await Promise.all(
    ['none', 'None', 'HS256'].map(async (alg) => ({ alg, status: await statusWith(server, unsignedToken(alg)) })),
  )
  const taken = answers
    .filter(({ status }) => status !== 401)
    .map(({ alg, status }) => `a token with alg "${alg}" was answered with ${String(status)}`)
  return failIfAny(taken, 'Tokens without a signature and with a well-known key were answered with 401.')
}

async function statusWith(server: LiveServer, token: string): Promise<number> {
  return (await server.ask({ path: '/api/auth/user', headers: { authorization: `Bearer ${token}` } })).status
}

async function lookAtErrors({ server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const questions: Question[] = [
    { path: '/api/there-is-no-such-route' },
    { method: 'POST', path: '/api/auth/login', headers: { 'content-type': 'application/json' }, body: '{"username":' },
    { path: '/%ff' },
  ]
  const answers = await Promise.all(questions.map(async (question) => ({ question, answer: await server.ask(question) })))
  const wrong = answers.flatMap(({ question: { path }, answer: { status, body } }) => {
    if (/\bat .+:\d+:\d+|node_modules|\/(?:home|usr|opt|root)\//.test(body)) return [`${path} tells of the inside`]
    return status >= 500 ? [`${path} was answered with ${String(status)}`] : []
  })
  return failIfAny(wrong, 'An unknown route, broken JSON and an unreadable address were answered without a stack trace or a path.')
}
