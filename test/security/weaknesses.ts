/** One defence, and how to take it out: `find` is replaced once in a file below `src`. The attack must succeed then. */
export interface Weakness {
  defence: string
  attack: string
  file: string
  find: string
  replace: string
}

const http = (name: string) => `server/http/${name}.ts`
const auth = (name: string) => `server/auth/${name}.ts`

const HEADERS = http('security-headers')
const TOKENS = auth('tokens/access-tokens')

/** The first few are proven with every run of the tests, all of them by `npm run prove-defences`. */
export const WEAKNESSES: readonly Weakness[] = [
  {
    defence: 'the list of host names',
    attack: 'PROXY-001',
    file: http('origin-guard'),
    find: 'if (!this.#hosts.has(hostName(host)))',
    replace: 'if (false)',
  },
  {
    defence: 'the origin of a socket',
    attack: 'WSH-006',
    file: http('origin-guard'),
    find: 'if (origin === undefined ||',
    replace: 'if (true ||',
  },
  {
    defence: 'authentication in front of every route that is not public',
    attack: 'INFO-001',
    file: http('permission-table'),
    find: `'GET /providers': needs('read')`,
    replace: `'GET /providers': needs('public')`,
  },
  {
    defence: 'delays after failed sign-ins',
    attack: 'AUTH-003',
    file: auth('throttle/attempt-limits'),
    find: 'counted < 0 ? 0',
    replace: 'true ? 0',
  },
  {
    defence: 'one name of the host in a request',
    attack: 'PROXY-004',
    file: http('origin-guard'),
    find: 'if (hosts > 1 || isAddressedTwice)',
    replace: 'if (false)',
  },
  {
    defence: 'no trust in forwarded headers',
    attack: 'PROXY-005',
    file: http('http-server'),
    find: 'trustProxy.length > 0 ? trustProxy : false',
    replace: 'true',
  },
  { defence: 'frame-ancestors', attack: 'HDR-007', file: HEADERS, find: `"frame-ancestors 'none'",`, replace: '' },
  { defence: 'nosniff', attack: 'HDR-006', file: HEADERS, find: `'x-content-type-options': 'nosniff',`, replace: '' },
  {
    defence: 'no inline script',
    attack: 'XSS-014',
    file: HEADERS,
    find: `script-src 'self'`,
    replace: `script-src 'self' 'unsafe-inline'`,
  },
  {
    defence: 'no-store on the API',
    attack: 'HDR-006',
    file: http('http-server'),
    find: `.header('cache-control', 'no-store')\n    if (isToStayWithTls`,
    replace: '\n    if (isToStayWithTls',
  },
  {
    defence: 'the size of a body',
    attack: 'DOS-004',
    file: http('http-server'),
    find: 'const BODY_LIMIT = 1024 * 1024',
    replace: 'const BODY_LIMIT = 1e8',
  },
  {
    defence: 'JSON alone as a body',
    attack: 'AUTH-020',
    file: http('json-bodies'),
    find: `addContentTypeParser('application/json'`,
    replace: `addContentTypeParser('*'`,
  },
  {
    defence: 'the size of headers',
    attack: 'DOS-008',
    file: http('server-limits'),
    find: 'maxHeaderSize: 16 * 1024',
    replace: 'maxHeaderSize: 1e8',
  },
  {
    defence: 'strict reading of HTTP',
    attack: 'PROXY-011',
    file: http('server-limits'),
    find: 'maxHeaderSize:',
    replace: 'insecureHTTPParser: true, maxHeaderSize:',
  },
  {
    defence: 'what a role may do',
    attack: 'INJ-008',
    file: http('permission-table'),
    find: `'GET /users': needs('admin')`,
    replace: `'GET /users': needs('read')`,
  },
  {
    defence: 'what a key may do',
    attack: 'KEY-004',
    file: http('authorize'),
    find: 'if (!mayUse(principal, permission))',
    replace: 'if (false)',
  },
  {
    defence: 'fields that a request may have',
    attack: 'INJ-008',
    file: 'protocol/auth.ts',
    find: 'LoginRequest = z.strictObject',
    replace: 'LoginRequest = z.object',
  },
  { defence: 'one algorithm for tokens', attack: 'JWT-008', file: TOKENS, find: 'algorithms: [ALGORITHM],', replace: '' },
  { defence: 'the audience of tokens', attack: 'JWT-021', file: TOKENS, find: 'audience: AUDIENCE,', replace: '' },
  { defence: 'the type of tokens', attack: 'JWT-023', file: TOKENS, find: '\n        typ: TYPE,', replace: '' },
  {
    defence: 'the start of tokens',
    attack: 'JWT-018',
    file: TOKENS,
    find: 'clockTolerance: CLOCK_SKEW_SECONDS',
    replace: 'clockTolerance: 1e9',
  },
  {
    defence: 'no tokens from the future',
    attack: 'JWT-019',
    file: TOKENS,
    find: 'if (claims.iat - CLOCK_SKEW_SECONDS >',
    replace: 'if (false && 0 >',
  },
  {
    defence: 'the key that a token names',
    attack: 'JWT-013',
    file: TOKENS,
    find: `typeof keyId === 'string' ? this.#keys.verifying(keyId) : null`,
    replace: 'this.#keys.signing().key',
  },
  {
    defence: 'a ticket is used up',
    attack: 'WSH-011',
    file: auth('auth-repository'),
    find: `deleteFrom('ws_tickets').where('hash', '=', hash).returningAll()`,
    replace: `selectFrom('ws_tickets').where('hash', '=', hash).selectAll()`,
  },
  {
    defence: 'cookies out of the reach of scripts',
    attack: 'OWN-001',
    file: auth('logins/auth-cookies'),
    find: '; Path=${this.#authPath}; HttpOnly;',
    replace: '; Path=${this.#authPath};',
  },
  {
    defence: 'no weak passwords',
    attack: 'AUTH-014',
    file: auth('passwords/passwords'),
    find: 'if (strength.score >= PASSWORD_MIN_SCORE) return',
    replace: 'return',
  },
  { defence: 'rates of requests', attack: 'OWN-020', file: http('rate-limits'), find: 'if (wait === 0) return', replace: 'return' },
  { defence: 'text alone on sockets', attack: 'WSF-017', file: http('websocket'), find: 'if (isBinary)', replace: 'if (false)' },
  {
    defence: 'the size of a message',
    attack: 'WSF-006',
    file: http('websocket'),
    find: 'maxPayload: MAX_MESSAGE_BYTES',
    replace: 'maxPayload: 2 ** 30',
  },
  {
    defence: 'no memory between compressed messages',
    attack: 'WSH-018',
    file: http('websocket'),
    find: 'serverNoContextTakeover: true',
    replace: 'serverNoContextTakeover: false',
  },
]
