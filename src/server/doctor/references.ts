/** Lines of the security guide's checklists, "Before Deployment" and "Ongoing", by what they are called here. */
export const GUIDE_LINES = {
  'before-1': 'Before Deployment: Set strong JWT_SECRET',
  'before-2': 'Before Deployment: Configure HTTPS (reverse proxy or Cloudflare)',
  'before-3': 'Before Deployment: Review CORS settings',
  'before-4': 'Before Deployment: Set appropriate file permissions',
  'before-5': 'Before Deployment: Configure firewall rules',
  'before-6': 'Before Deployment: Disable platform mode unless needed',
  'ongoing-1': 'Ongoing: Monitor logs for suspicious activity',
  'ongoing-2': 'Ongoing: Keep dependencies updated',
  'ongoing-3': 'Ongoing: Review access periodically',
  'ongoing-4': 'Ongoing: Test authentication flows',
  'ongoing-5': 'Ongoing: Backup database securely',
} as const
export type GuideLine = keyof typeof GUIDE_LINES

/** What the product promises of its edge, one line for each thing that can be looked at. */
export const ISSUE_LINES = {
  'http-csp': 'Strict content security policy without unsafe-inline and unsafe-eval, framing by nobody',
  'http-reports': 'Violations of the content security policy are reported and shown',
  'http-disclosure': 'security.txt says whom to tell of a weakness',
  'http-trusted-types': 'Trusted Types',
  'http-hsts': 'HSTS over TLS or behind a trusted proxy',
  'http-isolation': 'COOP, CORP, Referrer-Policy, Permissions-Policy',
  'http-no-store': 'no-store on /api',
  'http-origins': 'Same origin by default, ALLOWED_ORIGINS exact',
  'http-hosts': 'Host allow-list with 421 against DNS rebinding',
  'http-content': 'Content type and size limits on every route',
  'http-slow': 'Limits on headers and on slow requests',
  'http-rates': 'Rate limits per route class with standard headers',
  'http-errors': 'Errors as the contract says; no route reveals what exists',
  'ws-before-upgrade': 'Origin and Host of a socket are checked before the upgrade',
  'ws-credentials': 'A socket opens with a ticket or a token alone',
  'vault-database': 'The database is encrypted as a whole',
  'vault-keys': 'Keys lie outside of the database',
  'agents-cage': 'Agents cannot reach the server: another user, a cage, or a failed check',
  'agents-environment': 'Agents get a clean environment, without the secrets of the server',
  'agents-limits': 'Limits on processes, files and memory of agents',
  'agents-inspector': 'The Node inspector cannot be opened',
  'storage-modes': '0700 and 0600, enforced and checked',
  'storage-backup': 'Backup and restore',
  'storage-wal': 'WAL with the durability that the audit needs',
} as const
export type IssueLine = keyof typeof ISSUE_LINES
