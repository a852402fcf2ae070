import type { SettingName } from '../../src/server/config-settings.ts'

/** Parts of the page, in its order. */
export const SECTIONS = {
  server: 'The server and its data',
  reach: 'Who can reach it',
  keys: 'Keys and secrets',
  accounts: 'Accounts',
  agents: 'Agents and approvals',
  isolation: 'What agents are kept from',
  records: 'Logs and the audit log',
} as const

export interface SettingText {
  section: keyof typeof SECTIONS
  /** What it does, in a sentence or two. */
  text: string
  /** Its default in words, where the value itself depends on the machine. */
  fallback?: string
  /** Its unit or form. */
  values?: string
}

/** A setting that is added does not compile until it has its lines here. */
export const SETTING_TEXTS: Record<SettingName, SettingText> = {
  port: { section: 'server', text: 'The port it listens on; `0` picks a free one and prints it.', values: '0 to 65535' },
  host: {
    section: 'server',
    text: 'The address it listens on. Anything but loopback belongs behind TLS.',
    values: 'an address or a host name',
  },
  dataDirectory: {
    section: 'server',
    text: 'Everything the product keeps: database, keys, sealed parts of the audit log. Folders are 0700, files 0600.',
    fallback: '`~/.ai-code-ui`',
    values: 'a folder',
  },
  databasePath: {
    section: 'server',
    text: 'The database, encrypted at rest.',
    fallback: '`ai-code-ui.db` in `DATA_DIR`',
    values: 'a file',
  },
  workspacesRoots: {
    section: 'server',
    text: 'The folders under which a project may live.',
    fallback: 'the home folder of the user',
    values: 'absolute paths with commas between them',
  },
  allowedOrigins: {
    section: 'reach',
    text: 'Other origins whose pages may use the API. `*` is refused.',
    fallback: 'none: the page of the same origin alone',
    values: 'exact origins with commas between them',
  },
  allowedHosts: {
    section: 'reach',
    text: 'Names in the `Host` header that are served besides loopback names and `HOST`; all others get 421 (DNS rebinding).',
    fallback: 'none',
    values: 'host names with commas between them',
  },
  trustProxy: {
    section: 'reach',
    text: 'Proxies whose `X-Forwarded-*` headers are believed. Without, every request counts as coming from the proxy itself.',
    fallback: 'none',
    values: 'addresses or CIDRs with commas between them',
  },
  basePath: {
    section: 'reach',
    text: 'The path below which everything is served, where the host name has other things too.',
    fallback: 'none',
    values: 'a path such as `/code`',
  },
  rateLimits: {
    section: 'reach',
    text: 'How many requests of a class one user may make in a minute; an address has four times as many. Classes and their figures: `reading` 6000, `writing` 1200, `costly` 120, `uploads` 120, and by address alone `sign-in` 300, `anonymous` 6000, `reports` 60.',
    fallback: 'these figures',
    values: 'classes with their figures and commas between them',
  },
  securityContacts: {
    section: 'reach',
    text: 'Whom to tell of a weakness, the best first; told at `/.well-known/security.txt` (RFC 9116). Below a `BASE_PATH`, let the proxy serve it at the root.',
    fallback: 'none: there is no such file',
    values: 'addresses that begin with `mailto:`, `https://` or `tel:`, with commas between them',
  },
  tlsCert: {
    section: 'reach',
    text: 'The certificate with its chain, in PEM; with `TLS_KEY` the server speaks HTTPS itself. Read again when the file changes.',
    fallback: 'none: plain HTTP',
    values: 'a file',
  },
  tlsKey: { section: 'reach', text: 'The private key of `TLS_CERT`, in PEM.', fallback: 'none', values: 'a file' },
  apiKey: {
    section: 'reach',
    text: 'What every request to `/api` must carry in `X-API-Key` as well, health and readiness aside.',
    fallback: 'none',
    values: 'at least 16 characters',
  },
  platformMode: {
    section: 'reach',
    text: 'No login: the first user serves all requests. Refused on any `HOST` but loopback, and never taken from a `.env`.',
    values: '`true` or `false`',
  },
  platformModeAllowRemote: {
    section: 'reach',
    text: 'Allows platform mode on another `HOST`, where something in front asks who people are.',
    values: '`true` or `false`',
  },
  jwtSecret: {
    section: 'keys',
    text: 'Signs access tokens.',
    fallback: 'made at the first start and kept in `DATA_DIR/keys`',
    values: 'at least 32 bytes; a well-known value is refused',
  },
  encryptionKey: {
    section: 'keys',
    text: 'Encrypts what is stored. Lose it and the data is lost.',
    fallback: 'made at the first start and kept in `DATA_DIR/keys`',
    values: '32 bytes as hex or base64',
  },
  setupCode: {
    section: 'keys',
    text: 'What the first account needs.',
    fallback: 'random, printed at each start while there is no account',
    values: 'at least 8 characters',
  },
  accessTokenTtlSeconds: { section: 'accounts', text: 'How long an access token is good for.', values: 'seconds, 10 to 86400' },
  refreshTokenTtlSeconds: {
    section: 'accounts',
    text: 'How long a login lives without being used.',
    values: 'seconds, 60 to 31536000',
  },
  bcryptRounds: {
    section: 'accounts',
    text: 'The cost of a password hash; older hashes are renewed at the next login.',
    values: '10 to 15',
  },
  passwordPolicy: {
    section: 'accounts',
    text: 'Passwords must be hard to guess; `complexity` also demands upper and lower case, a digit and another character.',
    values: '`strength` or `complexity`',
  },
  approvalTimeoutMs: {
    section: 'agents',
    text: 'How long a tool call waits for a decision before it is denied, for every agent; `0` waits for as long as the session lives. A project may have its own.',
    values: 'milliseconds',
  },
  agentIdleMs: {
    section: 'agents',
    text: 'How long the process of an agent is kept after its last turn.',
    values: 'milliseconds, at least 1000',
  },
  maxAgents: { section: 'agents', text: 'How many agents may run at once.', values: '1 to 1000' },
  claudeCliPath: {
    section: 'agents',
    text: 'Another binary of Claude Code.',
    fallback: 'the one that ships with its SDK',
    values: 'an absolute path',
  },
  contextWindow: { section: 'agents', text: 'The size of the context window.', fallback: "the model's own", values: 'tokens' },
  agentIsolation: {
    section: 'isolation',
    text: 'Whether agents run where the server and its data cannot be seen: wherever the machine can (`auto`), or not at all without (`required`).',
    values: '`auto`, `required` or `off`',
  },
  agentUser: {
    section: 'isolation',
    text: 'The user whom agents run as, where the server runs as root.',
    fallback: "the server's own",
    values: 'a user of the machine',
  },
  agentMaxProcesses: {
    section: 'isolation',
    text: "Processes and threads that the agents' user may have at once; `0` leaves it to the machine.",
    values: 'a whole number',
  },
  agentMaxMemoryMb: { section: 'isolation', text: 'Memory that each process of an agent may write to; `0` for no limit.', values: 'MiB' },
  auditRetentionDays: {
    section: 'records',
    text: 'After how many days entries of the audit log move to sealed files; `0` for never.',
    values: 'days',
  },
  auditForward: {
    section: 'records',
    text: 'Where each entry of the audit log is handed on to as well; see [the audit log](audit-log.md).',
    fallback: 'nowhere',
    values: '`file:`, `syslog:unix:`, `syslog:udp://` or `syslog:tcp://`',
  },
  logLevel: { section: 'records', text: 'What is logged.', values: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`' },
  logFormat: {
    section: 'records',
    text: 'How a line of the log looks.',
    fallback: '`pretty` on a terminal, else `json`',
    values: '`json` or `pretty`',
  },
}
