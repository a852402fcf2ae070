/**
 * Hosting below a path of a host name that others share (`BASE_PATH`). The proxy in front hands addresses on as they are;
 * here the path is taken off once, before anything looks at the address, so that no route knows of it.
 */

/** An address that no route and no page has. */
const NOWHERE = '/.'
/** The form that a request to a proxy has (RFC 9112, 3.2.2). */
const ABSOLUTE = /^(https?:\/\/[^/?#]*)(.*)$/is

/**
 * The address as routes know it; one that leads nowhere for what is not below the path.
 * @param basePath empty, or as in `/code`
 */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === '' || url === '*') return url
  const [, origin = '', path = url] = ABSOLUTE.exec(url) ?? []
  if (!path.startsWith(basePath)) return NOWHERE
  const rest = path.slice(basePath.length)
  if (/^(\?|$)/.test(rest)) return `${origin}/${rest}`
  return rest.startsWith('/') ? origin + rest : NOWHERE
}

/** A built page with the addresses of its files below the path. */
export function pageBelow(basePath: string, html: string): string {
  return html.replaceAll(/\b(href|src)="\/(?!\/)/g, `$1="${basePath}/`)
}
