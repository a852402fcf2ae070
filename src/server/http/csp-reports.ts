import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import type { Clock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import { isTooComplex } from '../platform/json-shape.ts'
import type { Logger } from '../platform/logger.ts'

/** Outside `/api`: a browser sends reports by itself, without any credential. */
export const CSP_REPORTS_PATH = '/csp-reports'

const BODY_LIMIT = 64 * 1024
const SHAPE = { depth: 8, values: 2000 }
/** Of one body; browsers send a few at once. */
const MOST_AT_ONCE = 20
/** Kinds of violations that are told apart; what comes after them is counted alone. */
const MOST_KINDS = 100
const TELL_AGAIN_MS = 3_600_000

/** What was blocked where, as far as it is kept: nothing of what a page, a person or an attacker wrote. */
export interface Violation {
  /** As in `script-src-elem`. */
  directive: string
  /** A keyword such as `inline`, a scheme such as `data:`, or an origin. */
  blocked: string
  /** The first word of the page's path, as in `/sessions`. */
  page: string
  count: number
}

export interface SeenViolations {
  /** Since the server started. */
  total: number
  /** The most frequent first. */
  kinds: Violation[]
}

const Text = z.catch(z.string(), '')
const Classic = z.object({
  'csp-report': z.object({ 'document-uri': Text, 'effective-directive': Text, 'violated-directive': Text, 'blocked-uri': Text }),
})
const Modern = z.array(z.object({ type: z.string(), body: z.unknown() })).check(z.maxLength(MOST_AT_ONCE))
const ModernBody = z.object({ documentURL: Text, effectiveDirective: Text, blockedURL: Text })

/**
 * Counts what browsers report of pages that broke the content security policy, each kind once. Anybody may send such
 * reports, also made-up ones: they are a hint to look at and never evidence.
 */
export class CspReports {
  readonly #kinds = new Map<string, Violation & { toldAt: number }>()
  readonly #clock: Clock
  readonly #logger: Logger
  #total = 0

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock
    this.#logger = logger
  }

  /** @param body of either media type @throws ZodError */
  take(body: unknown): void {
    for (const violation of Array.isArray(body) ? modern(body) : [classic(body)]) this.#count(violation)
  }

  seen(): SeenViolations {
    const kinds = [...this.#kinds.values()].map(({ directive, blocked, page, count }) => ({ directive, blocked, page, count }))
    return { total: this.#total, kinds: kinds.sort((a, b) => b.count - a.count) }
  }

  #count({ directive, blocked, page }: Omit<Violation, 'count'>): void {
    this.#total += 1
    const key = `${directive} ${blocked} ${page}`
    const known = this.#kinds.get(key)
    if (!known && this.#kinds.size >= MOST_KINDS) return
    const now = this.#clock.now().getTime()
    const kind = known ?? { directive, blocked, page, count: 0, toldAt: -Infinity }
    kind.count += 1
    if (now - kind.toldAt >= TELL_AGAIN_MS) {
      kind.toldAt = now
      this.#logger.warn({ directive, blocked, page, count: kind.count }, 'a browser reports a violation of the content security policy')
    }
    this.#kinds.set(key, kind)
  }
}

/** `POST /csp-reports`, in a scope of its own: no other route takes these media types. */
export function registerCspReports(app: FastifyInstance, reports: CspReports): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['application/csp-report', 'application/reports+json'],
      { parseAs: 'string', bodyLimit: BODY_LIMIT },
      async (_request: unknown, body: string | Buffer) => parse(String(body)),
    )
    scope.post(CSP_REPORTS_PATH, { bodyLimit: BODY_LIMIT, config: { rateClass: 'reports' } }, async (request, reply) => {
      reports.take(request.body)
      return reply.status(204).send()
    })
    done()
  })
}

async function parse(text: string): Promise<unknown> {
  if (isTooComplex(text, SHAPE)) throw unreadable()
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable()
  }
}

function unreadable(): DomainError {
  return new DomainError('BAD_REQUEST', 'The report is not valid JSON of bearable depth.')
}

function classic(body: unknown): Omit<Violation, 'count'> {
  const { 'csp-report': report } = Classic.parse(body)
  return {
    directive: directiveOf(report['effective-directive'] || report['violated-directive']),
    blocked: blockedOf(report['blocked-uri']),
    page: pageOf(report['document-uri']),
  }
}

function modern(body: unknown[]): Omit<Violation, 'count'>[] {
  const ours = Modern.parse(body).filter(({ type }) => type === 'csp-violation')
  return ours.map((report) => {
    const { documentURL, effectiveDirective, blockedURL } = ModernBody.parse(report.body)
    return { directive: directiveOf(effectiveDirective), blocked: blockedOf(blockedURL), page: pageOf(documentURL) }
  })
}

function directiveOf(text: string): string {
  return /^[a-z][a-z-]{2,39}/.exec(text)?.[0] ?? 'unknown'
}

const KEYWORDS: ReadonlySet<string> = new Set(['inline', 'eval', 'wasm-eval', 'self', 'trusted-types-policy', 'trusted-types-sink'])

/** An address may hold a secret in its path; where it leads is enough. */
function blockedOf(text: string): string {
  if (KEYWORDS.has(text)) return text
  const scheme = /^(data|blob|filesystem|about)(?=:|$)/.exec(text)?.[0]
  if (scheme !== undefined) return `${scheme}:`
  const origin = URL.parse(text)?.origin ?? 'null'
  return /^[a-z][a-z+.-]*:\/\/[\w.:[\]-]{1,100}$/.test(origin) ? origin : 'unknown'
}

function pageOf(text: string): string {
  return /^\/[a-z-]{0,30}(?=\/|$)/.exec(URL.parse(text)?.pathname ?? '')?.[0] ?? 'unknown'
}
