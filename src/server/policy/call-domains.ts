import { domainToASCII } from 'node:url'
import type { ApprovalAsk } from '../providers/provider.ts'

/** A site that a call names. */
export interface CallDomain {
  /** Lower case, international names in ASCII, no dot at the end. */
  host: string
  /** Empty for the usual one of http and https. */
  port: string
  isWeb: boolean
}

const MAX_TEXTS = 200
const MAX_LENGTH = 20_000
const MAX_HOSTS = 200

/** The site in the field for an address. */
export function domainsOf({ toolInput: { url } }: ApprovalAsk): CallDomain[] {
  const address = typeof url === 'string' ? URL.parse(url) : null
  if (address === null) return []
  const { hostname, port, protocol } = address
  return [{ host: plainHost(hostname), port, isWeb: protocol === 'https:' || protocol === 'http:' }]
}

/**
 * Every name of a site that may be meant, in a command or in what an MCP server or a fetching tool is given: for rules
 * that ask or deny.
 */
export function mentionedHosts(ask: ApprovalAsk): ReadonlySet<string> {
  const hosts = new Set(domainsOf(ask).map(({ host }) => host))
  const texts = ask.approvalKind === 'edit' ? [] : textsIn(ask.toolInput)
  for (const text of texts) {
    for (const [name] of text
      .slice(0, MAX_LENGTH)
      .matchAll(/(?<![\p{L}\p{N}\p{M}_-])[\p{L}\p{N}\p{M}_-]+(?:[.\u3002\uff0e\uff61][\p{L}\p{N}\p{M}_-]+)+/gu)) {
      if (hosts.size >= MAX_HOSTS) return hosts
      hosts.add(plainHost(name))
    }
  }
  return hosts
}

/** `host`, `host:port`, `*.host`, as a rule names it. */
export interface DomainPattern {
  host: string
  port: string | null
  isBelow: boolean
}

export function readDomain(pattern: string): DomainPattern {
  const isBelow = pattern.startsWith('*.')
  const [, host = '', port = null] = /^(.*?)(?::(\d+))?$/s.exec(isBelow ? pattern.slice(2) : pattern) ?? []
  return { host: plainHost(host), port: port === '443' || port === '80' ? null : port, isBelow }
}

/** For allowing: the very site, at the usual port of the web where the rule names none. */
export function fitsDomain({ port, ...pattern }: DomainPattern, domain: CallDomain): boolean {
  return domain.isWeb && domain.port === (port ?? '') && fitsHost(pattern, domain.host)
}

export function fitsHost({ host: wanted, isBelow }: Pick<DomainPattern, 'host' | 'isBelow'>, host: string): boolean {
  if (wanted === '') return false
  return isBelow ? host.endsWith(`.${wanted}`) : host === wanted
}

function plainHost(host: string): string {
  const lower = host.toLowerCase().replace(/\.+$/, '')
  // Empty for what is no name, such as an IPv6 address, which then stays.
  return domainToASCII(lower) || lower
}

function textsIn(input: Record<string, unknown>): string[] {
  const texts: string[] = []
  const ahead: unknown[] = [input]
  for (let looked = 0; ahead.length > 0 && looked < MAX_TEXTS; looked += 1) {
    const next = ahead.pop()
    if (typeof next === 'string') texts.push(next)
    else if (typeof next === 'object' && next !== null) ahead.push(...valuesOf(next))
  }
  return texts
}

function valuesOf(value: object): unknown[] {
  const values: unknown[] = Object.values(value)
  return values.slice(0, MAX_TEXTS)
}
