const SAFE_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

export interface SafeLink {
  href: string
  /** Where it leads: the host, or the address of a mail. */
  destination: string
}

/** The link if it leads somewhere harmless by its own words, else null: paths, scripts, files and the like are text. */
export function safeLink(href: string): SafeLink | null {
  const url = URL.parse(href)
  if (url === null || !SAFE_PROTOCOLS.has(url.protocol)) return null
  return { href: url.href, destination: url.protocol === 'mailto:' ? url.pathname : url.host }
}
