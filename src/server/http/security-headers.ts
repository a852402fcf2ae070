/** Only what we ship runs, nobody frames us, nothing is sent elsewhere; scripts cannot write HTML (Trusted Types). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** On every answer, set by hand since computing them each time costs half the throughput. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-xss-protection': '0',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
  'origin-agent-cluster': '?1',
}

/** Sent in addition when the browser reached us over TLS. */
export const STRICT_TRANSPORT_SECURITY = 'max-age=31536000; includeSubDomains'

/**
 * The same, and where browsers tell of what the policy blocked. `Reporting-Endpoints` works over TLS alone, and a browser
 * that knows `report-to` does not look at `report-uri`: over plain HTTP that one stands alone.
 * @param path of the host name, as in `/code/csp-reports`
 */
export function reportingHeaders(path: string): Readonly<Record<'plain' | 'overTls', Readonly<Record<string, string>>>> {
  const reporting = `${CONTENT_SECURITY_POLICY}; report-uri ${path}`
  return {
    plain: { ...SECURITY_HEADERS, 'content-security-policy': reporting },
    overTls: { ...SECURITY_HEADERS, 'content-security-policy': `${reporting}; report-to csp`, 'reporting-endpoints': `csp="${path}"` },
  }
}
